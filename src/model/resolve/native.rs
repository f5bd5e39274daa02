//! Native types: `@db.VarChar(191)`.

use super::args::Owner;
use super::{Resolver, messages};
use crate::ast::{Attribute, Expr};
use crate::model::NativeType;
use std::borrow::Cow;

impl<'s> Resolver<'s> {
    /// The native type that the attribute `prefix.name` states; which there are is the dialect's business.
    pub(super) fn native_type(
        &mut self,
        attribute: &Attribute<'s>,
        prefix: &str,
        name: &'s str,
    ) -> Option<NativeType<'s>> {
        if let Some(datasource) = &self.schema.datasource
            && datasource.name.name != prefix
        {
            let message = messages::wrong_native_prefix(prefix, datasource.name.name, attribute.name.span);
            self.diagnostics.push(message);
            return None;
        }
        let mut args = Vec::new();
        for arg in attribute.args.iter().flatten() {
            let items = match &arg.value {
                // MySQL's and SQL Server's `@db.Xyz(Max)` and the like are words.
                Some(Expr::Array(items, _)) => &items[..],
                Some(single) => std::slice::from_ref(single),
                None => &[],
            };
            for item in items {
                match item {
                    Expr::Number(word) | Expr::Constant(word) => args.push(Cow::Borrowed(word.name)),
                    Expr::String(s) => args.push(s.value.clone()),
                    Expr::Function(_) | Expr::Array(..) | Expr::Object(..) => {
                        let owner = Owner::Attribute("a native type");
                        self.diagnostics.push(messages::bad_argument(owner, "length", "a number", item.span()));
                    }
                }
            }
        }
        Some(NativeType { name, args, span: attribute.span })
    }
}
