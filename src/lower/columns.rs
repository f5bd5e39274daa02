//! Columns.

use super::{Lowering, messages, origin};
use crate::ast::Arity;
use crate::catalog::{BaseType, Column, ColumnType, Default, Table};
use crate::dialect::native;
use crate::model::{FieldType, FieldWalker, ModelWalker};

impl Lowering<'_, '_> {
    pub(super) fn table_columns(&mut self, model: ModelWalker<'_, '_>, table: &mut Table) {
        for field in model.walk_columns() {
            let Some(ty) = self.column_type(field) else { continue };
            let (default, client_default) = self.default(field);
            let constant = |d: &Default| matches!(d, Default::Literal(_) | Default::List(_));
            let default = default.filter(|d| !constant(d) || (self.conventions.takes_constants)(&ty));
            // SERIAL is NOT NULL, whatever the schema says.
            let numbered = default == Some(Default::Sequence);
            let unsupported = matches!(field.ty, FieldType::Unsupported(_));
            let column = Column {
                name: self.conventions.names.identifier(field.get().database_name()),
                ty,
                // Prisma leaves lists nullable: NULL reads as the empty list.
                nullable: field.arity != Arity::Required && !numbered,
                default,
                client_default,
                updated_at: field.updated_at,
                ignored: field.ignored || unsupported || model.ignored,
                origin: origin(model, field.name.name, field.name.span),
            };
            let id = self.ids.fresh();
            self.columns[field.at.0 as usize] = Some(id);
            table.columns.insert(id, column);
        }
    }

    fn column_type(&mut self, field: FieldWalker<'_, '_>) -> Option<ColumnType> {
        let list = field.arity == Arity::List;
        let base = match &field.get().ty {
            FieldType::Scalar(scalar) => {
                let ty = match &field.get().native {
                    None => (self.conventions.default_type)(*scalar),
                    Some(native) => match native::column_type(self.conventions.natives, *scalar, native) {
                        Ok(ty) => ty,
                        Err(error) => {
                            self.diagnostics.push(messages::native_type(self.conventions, *scalar, native, error));
                            return None;
                        }
                    },
                };
                return Some(ColumnType { list, ..ty });
            }
            FieldType::Enum(id) => BaseType::Enum(self.enums[id.0 as usize]),
            FieldType::Unsupported(raw) => BaseType::Raw(raw.clone().into_owned()),
            FieldType::Composite(_) => {
                self.diagnostics.push(messages::composite(self.conventions, &field.label(), field.ty_span));
                return None;
            }
            FieldType::Model(..) | FieldType::Unknown => return None,
        };
        if let Some(native) = &field.get().native {
            self.diagnostics.push(messages::needless_native(native, "a field of this type"));
        }
        Some(ColumnType { base, list })
    }
}
