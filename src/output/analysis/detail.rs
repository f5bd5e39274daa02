//! How much of a model a drawing shows.

use crate::analyze::{Analysis, Field, Model};

/// How much of a model a drawing shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Every column, or the keys alone where there are more than forty models.
    #[default]
    Auto,
    /// Every column.
    All,
    /// Columns that are part of the id, of a unique or of a foreign key.
    Keys,
    /// Names alone.
    Names,
}

/// So many models are shown with all of their columns.
const WHOLE: usize = 40;

impl Detail {
    /// The same, decided.
    #[must_use]
    pub fn of(self, analysis: &Analysis) -> Detail {
        match self {
            Detail::Auto if analysis.models.len() <= WHOLE => Detail::All,
            Detail::Auto => Detail::Keys,
            Detail::All | Detail::Keys | Detail::Names => self,
        }
    }

    /// The columns of a model that are shown.
    pub fn columns(self, model: &Model) -> impl Iterator<Item = &Field> {
        model.walk_columns().filter(move |field| match self {
            Detail::Auto | Detail::All => true,
            Detail::Keys => !field.roles.is_empty(),
            Detail::Names => false,
        })
    }
}
