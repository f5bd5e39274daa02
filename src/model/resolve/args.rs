//! Arguments of attributes and functions, taken one by one by name.

use super::messages;
use crate::ast::{Arg, Attribute, Expr, Function, Ident, Str};
use crate::diag::Diagnostics;
use crate::source::Span;
use std::fmt;

/// The arguments of one attribute or function. Each is taken at most once; [`Args::finish`] reports those that nobody took.
pub(super) struct Args<'a, 's> {
    owner: Owner<'s>,
    /// The whole, for what is missing.
    pub(super) span: Span,
    args: &'a [Arg<'s>],
    /// One bit an argument; of more than 64, the rest is not expected by anybody.
    taken: u64,
}

/// Whose arguments they are.
#[derive(Clone, Copy)]
pub(super) enum Owner<'s> {
    /// `@relation`, `@@index`
    Attribute(&'static str),
    /// `now()`
    Call(&'s str),
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Attribute(name) => f.write_str(name),
            Owner::Call(name) => write!(f, "{name}()"),
        }
    }
}

impl<'a, 's> Args<'a, 's> {
    /// Those of an attribute; `owner` is its name with the `@`s.
    pub(super) fn of(owner: &'static str, attribute: &'a Attribute<'s>) -> Self {
        Self::new(Owner::Attribute(owner), attribute.span, attribute.args.as_deref().unwrap_or_default())
    }

    /// Those of a call.
    pub(super) fn of_call(function: &'a Function<'s>) -> Self {
        Self::new(Owner::Call(function.name.name), function.span, &function.args)
    }

    fn new(owner: Owner<'s>, span: Span, args: &'a [Arg<'s>]) -> Self {
        Args { owner, span, args, taken: 0 }
    }

    /// The argument of this name.
    pub(super) fn named(&mut self, name: &str) -> Option<&'a Expr<'s>> {
        self.take(|arg| arg.name.is_some_and(|n| n.name == name))
    }

    /// The argument of this name, or the one without any.
    pub(super) fn first(&mut self, name: &str) -> Option<&'a Expr<'s>> {
        self.take(|arg| arg.name.is_none_or(|n| n.name == name))
    }

    /// The next argument, whatever its name.
    pub(super) fn next(&mut self) -> Option<&'a Expr<'s>> {
        self.take(|_| true)
    }

    fn take(&mut self, wanted: impl Fn(&Arg<'s>) -> bool) -> Option<&'a Expr<'s>> {
        let place = self.args.iter().position(wanted)?;
        let bit = 1u64.checked_shl(u32::try_from(place).ok()?)?;
        if self.taken & bit != 0 {
            return None;
        }
        self.taken |= bit;
        self.args[place].value.as_ref()
    }

    /// A string argument, or a diagnostic.
    pub(super) fn string(&self, value: Option<&'a Expr<'s>>, name: &str, d: &mut Diagnostics) -> Option<Str<'s>> {
        match value? {
            Expr::String(s) => Some(s.clone()),
            other => {
                d.push(messages::bad_argument(self.owner, name, "a string in quotes", other.span()));
                None
            }
        }
    }

    /// A bare word, or a diagnostic.
    pub(super) fn word(&self, value: Option<&'a Expr<'s>>, name: &str, d: &mut Diagnostics) -> Option<Ident<'s>> {
        match value? {
            Expr::Constant(word) => Some(*word),
            other => {
                d.push(messages::bad_argument(self.owner, name, "a name without quotes", other.span()));
                None
            }
        }
    }

    /// `true` or `false`, or a diagnostic.
    pub(super) fn boolean(&self, value: Option<&'a Expr<'s>>, name: &str, d: &mut Diagnostics) -> Option<bool> {
        match value? {
            Expr::Constant(Ident { name: "true", .. }) => Some(true),
            Expr::Constant(Ident { name: "false", .. }) => Some(false),
            other => {
                d.push(messages::bad_argument(self.owner, name, "`true` or `false`", other.span()));
                None
            }
        }
    }

    /// A whole number from 0, or a diagnostic.
    pub(super) fn number(&self, value: Option<&'a Expr<'s>>, name: &str, d: &mut Diagnostics) -> Option<u32> {
        let value = value?;
        if let Expr::Number(n) = value
            && let Ok(number) = n.name.parse()
        {
            return Some(number);
        }
        d.push(messages::bad_argument(self.owner, name, "a whole number", value.span()));
        None
    }

    /// One expression as a list of one, an array as its items.
    pub(super) fn list(value: &'a Expr<'s>) -> &'a [Expr<'s>] {
        match value {
            Expr::Array(items, _) => items,
            other => std::slice::from_ref(other),
        }
    }

    /// A message about one of the arguments.
    pub(super) fn bad(&self, name: &str, wanted: &str, at: Span, d: &mut Diagnostics) {
        d.push(messages::bad_argument(self.owner, name, wanted, at));
    }

    /// A message about an argument that has to be there.
    pub(super) fn missing(&self, name: &str, d: &mut Diagnostics) {
        d.push(messages::missing_argument(self.owner, name, self.span));
    }

    /// Reports what nobody took; `known` are the names that would have been.
    pub(super) fn finish(self, known: &[&str], d: &mut Diagnostics) {
        let is_taken = |place: usize| place < 64 && self.taken & (1 << place) != 0;
        for (_, arg) in self.args.iter().enumerate().filter(|(place, _)| !is_taken(*place)) {
            d.push(messages::unknown_argument(self.owner, arg, known));
        }
    }
}
