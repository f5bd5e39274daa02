//! A list in a column, and a row for each of its elements.

use super::{Bring, CROSSING, FLAG, Kin, Watch, differ, field, guard, hold, quiet};
use crate::catalog::{Catalog, ColumnId, ColumnType, Listed, Side};
use crate::dialect::postgres::quote::name;
use crate::dialect::postgres::value::{expr_sql, type_sql};

struct List<'a> {
    at: &'a Catalog,
    listed: &'a Listed,
    kin: Kin<'a>,
    ty: &'a ColumnType,
}

impl<'a> List<'a> {
    fn of(at: &'a Catalog, listed: &'a Listed) -> Option<Self> {
        let kin = Kin::of(at, &listed.family, &CROSSING)?;
        Some(List { at, listed, ty: &kin.parent.columns.get(&listed.list)?.ty, kin })
    }

    fn list(&self, row: &str) -> String {
        format!("{row}.{}", field(self.kin.parent, self.listed.list))
    }

    /// The elements of a row's list: `value` and `position`. JSON that is no list is its own only element.
    fn elements(&self, row: &str) -> String {
        let list = self.list(row);
        let each = if self.ty.list {
            format!("unnest({list})")
        } else {
            let alone = format!(
                "WHEN 'null' THEN NULL ELSE CASE WHEN {list} IS NOT NULL THEN jsonb_build_array({list}) END END"
            );
            format!("jsonb_array_elements(CASE jsonb_typeof({list}::jsonb) WHEN 'array' THEN {list}::jsonb {alone})")
        };
        format!("{each} WITH ORDINALITY AS _ps_element(value, position)")
    }

    /// The columns of the child that elements fill, each with its value.
    fn values(&self) -> Vec<(ColumnId, String)> {
        let value = |(id, sql): &(ColumnId, String)| {
            let ty = self.kin.child.columns.get(id).map_or_else(String::new, |c| type_sql(self.at, &c.ty));
            (*id, format!("({sql})::{ty}"))
        };
        self.listed.values.iter().map(value).collect()
    }

    /// True of a row of the parent whose children are not what its list says.
    fn behind(&self, row: &str) -> String {
        let values = self.values();
        let said = values.iter().map(|(_, sql)| sql.clone()).collect::<Vec<_>>().join(", ");
        let held = values.iter().map(|(id, _)| format!("_ps_child.{}", field(self.kin.child, *id)));
        format!(
            "ARRAY(SELECT ROW({said})::text FROM {} ORDER BY 1)\n        IS DISTINCT FROM ARRAY(SELECT ROW({})::text FROM {} AS _ps_child WHERE {} ORDER BY 1)",
            self.elements(row),
            held.collect::<Vec<_>>().join(", "),
            name(&self.kin.child.name),
            self.kin.met("_ps_child.", &format!("{row}."))
        )
    }

    /// The rows for the elements of a row's list.
    fn insert(&self, row: &str) -> String {
        let mut columns: Vec<ColumnId> = self.listed.family.child_key.clone();
        let mut values: Vec<String> =
            self.listed.family.parent_key.iter().map(|id| format!("{row}.{}", field(self.kin.parent, *id))).collect();
        for (id, sql) in self.values() {
            columns.push(id);
            values.push(sql);
        }
        for (id, value) in &self.listed.made {
            columns.push(*id);
            let made = |c| expr_sql(self.at, self.kin.child, c, value, "");
            values.push(self.kin.child.columns.get(id).map_or_else(String::new, made));
        }
        let columns = columns.iter().map(|id| field(self.kin.child, *id)).collect::<Vec<_>>().join(", ");
        format!("INSERT INTO {} ({columns})\n      SELECT {}", name(&self.kin.child.name), values.join(", "))
    }

    /// The list that the children of a row make.
    fn gathered(&self, back: &str, row: &str) -> String {
        let order = self.listed.order.iter().map(|id| format!("_ps_child.{}", field(self.kin.child, *id)));
        let order = order.collect::<Vec<_>>().join(", ");
        let from = format!(
            "FROM {} AS _ps_child WHERE {}",
            name(&self.kin.child.name),
            self.kin.met("_ps_child.", &format!("{row}."))
        );
        let (ty, element) = (type_sql(self.at, self.ty), ColumnType { list: false, ..self.ty.clone() });
        if self.ty.list {
            let element = type_sql(self.at, &element);
            format!("COALESCE((SELECT array_agg(({back})::{element} ORDER BY {order}) {from}), '{{}}'::{ty})")
        } else {
            format!("COALESCE((SELECT jsonb_agg({back} ORDER BY {order}) {from}), '[]'::jsonb)::{ty}")
        }
    }
}

pub fn watch(at: &Catalog, listed: &Listed, from: Side) -> Option<Watch> {
    let list = List::of(at, listed)?;
    match from {
        Side::Old => Some(of_list(&list)),
        Side::New => of_rows(&list),
    }
}

fn of_list(list: &List) -> Watch {
    let there = name(&list.kin.child.name);
    let delete = |row: &str| {
        format!("DELETE FROM {there} AS _ps_child WHERE {}", list.kin.met("_ps_child.", &format!("{row}.")))
    };
    let mut events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE")];
    let mut body = String::new();
    if list.listed.deletes {
        events.push(("del", "BEFORE DELETE"));
        body += &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN OLD;\n  END IF;\n", quiet(&delete("OLD")));
    }
    body += &guard("NULL");
    // Only what is written to the list itself: new clients may have made rows that it cannot say.
    let same = differ(list.kin.parent, list.listed.list, &list.list("NEW"), &list.list("OLD"));
    body += &format!("  IF TG_OP = 'UPDATE' THEN\n    IF NOT ({same}) THEN RETURN NULL; END IF;\n  END IF;\n");
    let insert = format!("{} FROM {}", list.insert("NEW"), list.elements("NEW"));
    body += &format!(
        "  IF {} THEN\n{}{}  END IF;\n  RETURN NULL;\n",
        list.behind("NEW"),
        quiet(&delete("NEW")),
        quiet(&insert)
    );
    Watch { declare: "", body, events }
}

fn of_rows(list: &List) -> Option<Watch> {
    let back = list.listed.back.as_ref()?;
    let own = "_ps_own";
    let gathered = list.gathered(back, own);
    let follow = |row: &str| {
        let update = format!(
            "UPDATE {} AS {own} SET {} = {gathered}\n      WHERE {} AND {}",
            name(&list.kin.parent.name),
            field(list.kin.parent, list.listed.list),
            list.kin.met(&format!("{row}."), "_ps_own."),
            differ(list.kin.parent, list.listed.list, &list.list(own), &gathered)
        );
        hold(&list.kin, &format!("{row}.")) + &quiet(&update)
    };
    let body = format!(
        "{}  IF TG_OP <> 'INSERT' THEN\n{}  END IF;\n  IF TG_OP = 'DELETE' THEN RETURN NULL; END IF;\n{}  RETURN NULL;\n",
        guard("NULL"),
        follow("OLD"),
        follow("NEW")
    );
    let events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE"), ("del", "AFTER DELETE")];
    Some(Watch { declare: "", body, events })
}

pub fn bring(at: &Catalog, listed: &Listed, from: Side) -> Option<Bring> {
    let list = List::of(at, listed)?;
    let (own, _) = list.kin.rows();
    let (table, column) = (name(&list.kin.parent.name), field(list.kin.parent, listed.list));
    let still = list.behind(&own);
    match from {
        // The trigger of the rows is not to answer: a setting of the transaction says so, which ends with it.
        Side::Old => {
            let quiet = format!("(SELECT set_config('{FLAG}', 'on', true)) AS _ps_quiet");
            let missing = format!(
                "NOT EXISTS (SELECT 1 FROM {} AS _ps_child WHERE {})",
                name(&list.kin.child.name),
                list.kin.met("_ps_child.", &format!("{own}."))
            );
            let act = format!("{} FROM {quiet}, {table}, {}", list.insert(&own), list.elements(&own));
            Some(Bring { act, still: format!("{missing} AND {still}") })
        }
        Side::New => {
            let gathered = list.gathered(listed.back.as_ref()?, &own);
            Some(Bring { act: format!("UPDATE {table} SET {column} = {gathered}"), still })
        }
    }
}

/// True of a row whose elements are not rows.
pub fn apart(at: &Catalog, listed: &Listed) -> Option<String> {
    let list = List::of(at, listed)?;
    Some(list.behind(&list.kin.rows().0))
}

/// All rows of all lists, and what ends the setting.
pub fn at_once(at: &Catalog, listed: &Listed) -> Option<Vec<String>> {
    let Bring { act, still } = bring(at, listed, Side::Old)?;
    Some(vec![format!("{act} WHERE {still}"), format!("PERFORM set_config('{FLAG}', 'off', true)")])
}
