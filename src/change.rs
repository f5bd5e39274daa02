//! Understood changes. This page lists them; each has a file of its own with its steps and the page of it in docs/changes.
//!
//! Architecture invariant: a change names no dialect. It looks at two catalogs and at what was said, and writes ops.

mod across;
mod carry;
mod column;
mod context;
mod convert;
mod database;
mod default;
mod enumeration;
mod exchange;
mod flip_relation;
mod foreign_key;
mod hang;
mod index;
mod links;
mod list_to_model;
mod made;
mod map_columns;
mod mapping;
mod move_columns;
mod move_many;
mod primary_key;
mod remake_enum;
mod rename_column;
mod rename_enum;
mod rename_question;
mod rename_retyped;
mod rename_table;
mod renew;
mod require_column;
mod retype_column;
mod step;
mod swap_column;
mod table;
mod value;

pub use context::{Context, Note, slug};
pub use retype_column::{may_convert, may_copy, numbers};
pub use step::{Group, Phase, Step};

use crate::catalog::{ColumnId, EnumId, Extension, ForeignKeyId, IndexId, TableId};
use crate::diff::{Flipped, Mapped, Matched, Moved};
use std::sync::Arc;

/// One understood change.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "ids of what it is about")]
pub enum Change {
    CreateNamespace(String),
    CreateExtension(Extension),
    CreateEnum(EnumId),
    DropEnum(EnumId),
    AddEnumValue(EnumId, String),
    RemoveEnumValues(EnumId),
    RenameEnumValue(EnumId, String, String),
    ExchangeEnumValues(EnumId, String, String),
    ExchangeLabels(EnumId),
    RenameEnum(EnumId),
    CreateTable(TableId),
    DropTable(TableId),
    RenameTable(TableId),
    LinksToModel(TableId),
    ModelToLinks(TableId),
    AddColumn(TableId, ColumnId),
    DropColumn(TableId, ColumnId),
    RenameColumn(TableId, ColumnId, ColumnId),
    RenameColumnWithTable(TableId, ColumnId),
    FlipRelation(Flipped),
    MapColumns(Mapped, &'static str),
    MoveColumns(Moved, &'static str),
    RequireColumn(TableId, ColumnId),
    RelaxColumn(TableId, ColumnId),
    ChangeDefault(TableId, ColumnId),
    RetypeColumn(TableId, ColumnId),
    SwapColumn(TableId, ColumnId, ColumnId),
    ExchangeColumns(TableId),
    ExchangeFields(TableId, ColumnId),
    ExchangeTables(TableId),
    ChangePrimaryKey(TableId),
    RenamePrimaryKey(TableId),
    CreateIndex(TableId, IndexId),
    DropIndex(TableId, IndexId),
    RenameIndex(TableId, IndexId),
    AddForeignKey(TableId, ForeignKeyId),
    DropForeignKey(TableId, ForeignKeyId),
    ChangeForeignKey(TableId, ForeignKeyId),
    RenameForeignKey(TableId, ForeignKeyId),
}

impl Change {
    /// Its kind in kebab case: the name of its page in docs/changes and of its cases in corpus/change.
    pub fn kind(&self) -> &'static str {
        match self {
            Change::CreateNamespace(_) => "create-namespace",
            Change::CreateExtension(_) => "create-extension",
            Change::CreateEnum(_) => "create-enum",
            Change::DropEnum(_) => "drop-enum",
            Change::AddEnumValue(..) => "add-enum-value",
            Change::RemoveEnumValues(_) => "remove-enum-value",
            Change::RenameEnumValue(..) => "rename-enum-value",
            Change::RenameEnum(_) => "rename-enum",
            Change::CreateTable(_) => "create-table",
            Change::DropTable(_) => "drop-table",
            Change::RenameTable(_) => "rename-table",
            Change::LinksToModel(_) => "links-to-model",
            Change::ModelToLinks(_) => "model-to-links",
            Change::AddColumn(..) => "add-column",
            Change::DropColumn(..) => "drop-column",
            Change::RenameColumn(..) | Change::RenameColumnWithTable(..) => "rename-column",
            Change::FlipRelation(_) => "flip-relation",
            Change::MapColumns(_, kind) | Change::MoveColumns(_, kind) => kind,
            Change::RequireColumn(..) => "require-column",
            Change::RelaxColumn(..) => "relax-column",
            Change::ChangeDefault(..) => "change-default",
            Change::RetypeColumn(..) | Change::SwapColumn(..) => "retype-column",
            Change::ExchangeColumns(_)
            | Change::ExchangeFields(..)
            | Change::ExchangeTables(_)
            | Change::ExchangeEnumValues(..)
            | Change::ExchangeLabels(_) => "exchange-names",
            Change::ChangePrimaryKey(_) => "change-primary-key",
            Change::RenamePrimaryKey(_) => "rename-primary-key",
            Change::CreateIndex(..) => "create-index",
            Change::DropIndex(..) => "drop-index",
            Change::RenameIndex(..) => "rename-index",
            Change::AddForeignKey(..) => "add-foreign-key",
            Change::DropForeignKey(..) => "drop-foreign-key",
            Change::ChangeForeignKey(..) => "change-foreign-key",
            Change::RenameForeignKey(..) => "rename-foreign-key",
        }
    }

    /// Writes its steps.
    fn plan(&self, cx: &mut Context) {
        match self {
            Change::CreateNamespace(name) => database::create_namespace(cx, name),
            Change::CreateExtension(x) => database::create_extension(cx, x),
            Change::CreateEnum(id) => enumeration::create(cx, *id),
            Change::DropEnum(id) => enumeration::drop(cx, *id),
            Change::AddEnumValue(id, value) => enumeration::add_value(cx, *id, value),
            Change::RemoveEnumValues(id) => remake_enum::plan(cx, *id),
            Change::RenameEnumValue(id, from, to) => rename_enum::value(cx, *id, from, to),
            Change::ExchangeEnumValues(id, label, value) => rename_enum::exchange(cx, *id, label, value),
            Change::ExchangeLabels(id) => rename_enum::labels(cx, *id),
            Change::RenameEnum(id) => rename_enum::plan(cx, *id),
            Change::CreateTable(id) => table::create(cx, *id),
            Change::DropTable(id) => table::drop(cx, *id),
            Change::RenameTable(id) => rename_table::plan(cx, *id),
            Change::LinksToModel(id) => links::to_model(cx, *id),
            Change::ModelToLinks(id) => links::from_model(cx, *id),
            Change::AddColumn(on, id) => column::add(cx, *on, *id),
            Change::DropColumn(on, id) => column::drop(cx, *on, *id),
            Change::RenameColumn(on, old, new) => rename_column::plan(cx, *on, *old, *new),
            Change::MapColumns(mapped, _) => map_columns::plan(cx, mapped),
            Change::MoveColumns(moved, _) => move_columns::plan(cx, moved),
            Change::RenameColumnWithTable(on, id) => rename_table::column(cx, *on, *id),
            Change::FlipRelation(flip) => flip_relation::plan(cx, flip),
            Change::RequireColumn(on, id) => require_column::plan(cx, *on, *id),
            Change::RelaxColumn(on, id) => column::relax(cx, *on, *id),
            Change::ChangeDefault(on, id) => default::plan(cx, *on, *id),
            Change::RetypeColumn(on, id) => retype_column::plan(cx, *on, *id),
            Change::SwapColumn(on, old, new) => swap_column::plan(cx, *on, *old, *new),
            Change::ExchangeColumns(on) => exchange::columns(cx, *on),
            Change::ExchangeFields(on, id) => exchange::ask_column(cx, *on, *id),
            Change::ExchangeTables(id) => exchange::ask_table(cx, *id),
            Change::ChangePrimaryKey(on) => primary_key::change(cx, *on),
            Change::RenamePrimaryKey(on) => primary_key::rename(cx, *on),
            Change::CreateIndex(on, id) => index::create(cx, *on, *id),
            Change::DropIndex(on, id) => index::drop(cx, *on, *id),
            Change::RenameIndex(on, id) => index::rename(cx, *on, *id),
            Change::AddForeignKey(on, id) => foreign_key::add(cx, *on, *id),
            Change::DropForeignKey(on, id) => foreign_key::drop(cx, *on, *id),
            Change::ChangeForeignKey(on, id) => foreign_key::change(cx, *on, *id),
            Change::RenameForeignKey(on, id) => foreign_key::rename(cx, *on, *id),
        }
    }
}

/// Everything that differs, understood, in the order of NEW (what left: of OLD).
pub fn classify(matched: &Matched) -> Vec<Change> {
    let mut all = database::classify(matched);
    all.extend(enumeration::classify(matched));
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    all.extend(exchange::tables_classify(matched));
    let mut keys = Vec::new();
    for (id, table) in &new.tables {
        match old.tables.get(id) {
            None => {
                all.push(Change::CreateTable(*id));
                keys.extend(table.foreign_keys.keys().map(|k| Change::AddForeignKey(*id, *k)));
            }
            Some(was) if Arc::ptr_eq(was, table) => {}
            Some(was) => {
                all.extend(links::classify(*id, was, table));
                all.extend(rename_table::classify(*id, was, table));
                all.extend(exchange::columns_classify(*id, was, table));
                all.extend(column::classify(*id, was, table, matched));
                keys.extend(primary_key::classify(*id, was, table));
                keys.extend(index::classify(*id, was, table));
                keys.extend(foreign_key::classify(*id, was, table));
            }
        }
    }
    all.extend(matched.moves.iter().map(|m| Change::MoveColumns(m.clone(), move_columns::kind(matched, m))));
    all.extend(keys);
    all.extend(old.tables.keys().filter(|id| !new.tables.contains_key(*id)).map(|id| Change::DropTable(*id)));
    let remade = |id: &EnumId| matched.remade_enums.iter().any(|r| r.old == *id);
    let left = old.enums.keys().filter(|id| !new.enums.contains_key(*id) && !remade(id));
    all.extend(left.map(|id| Change::DropEnum(*id)));
    all
}

/// Writes the steps of all changes.
pub fn plan_all(cx: &mut Context, changes: &[Change]) {
    flip_relation::ask(cx);
    rename_question::ask(cx);
    rename_enum::ask(cx);
    mapping::refuse_unclear(cx);
    for change in changes {
        change.plan(cx);
    }
    remake_enum::finish(cx);
    rename_enum::finish(cx);
    cx.finish_helpers();
    cx.finish_bookkeeping();
    hang::guard(cx);
}
