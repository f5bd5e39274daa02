//! What is different where tables change by deploy requests (PlanetScale, Vitess): three kinds of files, each sent another way.

/// How to send a stage.
pub(super) const HOW: &str = "
## How to run a stage

Files run in the order of their names, each only when the one before it is through. Its first lines, and *sent as* in the table of its stage, say
which way it goes:

- **deploy request** (CREATE, ALTER, DROP): run it on a development branch, and deploy the difference. Files that follow each other may share
  one, as long as it does not both add and drop columns of a table: that would be taken for another name, and refused.

  ```sh
  pscale branch create \"$DATABASE\" \"$branch\"
  pscale shell \"$DATABASE\" \"$branch\" < \"${m}migration.sql\"
  pscale deploy-request create \"$DATABASE\" \"$branch\"
  pscale deploy-request diff \"$DATABASE\" NUMBER        # read it: nothing else may be in it
  pscale deploy-request deploy \"$DATABASE\" NUMBER --wait
  ```

  Without PlanetScale: `vtctldclient ApplySchema --ddl-strategy vitess --sql \"$(cat \"${m}migration.sql\")\" \"$KEYSPACE\"`.
- **rows** (UPDATE, DELETE): over a connection to the production branch, again and again until nothing is left to change. It can be stopped at any
  time.

  ```sh
  until [ \"$( (cat \"${m}migration.sql\"; echo 'SELECT ROW_COUNT();') | mysql -N \"$DATABASE_NAME\" )\" = 0 ]; do sleep 0.5; done
  ```
- **look** (SELECT): over the same connection. It fails (error 1690) where something is not as it has to be, and changes nothing.

`prisma migrate deploy` is not for these databases: production branches take no DDL
(<https://www.prisma.io/docs/orm/overview/databases/planetscale>).
";

/// What to look at meanwhile.
pub(super) const WATCH: &str = "
**Meanwhile**: the page of the deploy request shows how far the copy is. A transaction that stays open on the table keeps it from beginning and from its end
(<https://planetscale.com/docs/vitess/schema-changes/long-running-transactions>). Cancelling a deploy request is safe until it is deployed.
";

/// How to go back.
pub(super) const BACK: &str = "
## Going back

Within 30 minutes a deploy request is reverted as it is, and what was written meanwhile stays: `pscale deploy-request revert \"$DATABASE\" NUMBER`. Later, or
for rows, a stage is undone by its down files, the last one first; the stage before it only after it. They are sent like the others.
";

/// How to go on after a file failed.
pub(super) const FAILED: &str = "
## When a file fails

Nothing of it is done.

- A **deploy request** that fails has changed nothing: `Duplicate entry` names rows that agree where they must not, `Data truncated` or `cannot be null` rows that
  the new shape does not take. Mend them over a connection, and deploy again.
- **Rows**: what was sent before stays done. Send it again; it goes on from there.
- A **look** names what is not so. Mend that, and send it again.
";
