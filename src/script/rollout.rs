//! The order of everything: which stage is applied and which client is rolled out when.

use crate::stage::Generation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Rollout {
    /// Apply a stage.
    Apply {
        /// Its folder: `1-expand`.
        stage: String,
    },
    /// Roll a client out everywhere, and wait until none of the one before it is left.
    Deploy {
        /// Which.
        client: Generation,
        /// The schema that it is generated from, in the folder of the plan; that of NEW where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        schema: Option<String>,
        /// The one that it takes the place of.
        replaces: Generation,
        /// What to know of it.
        notes: Vec<String>,
    },
    /// Stop every client: no client runs before and after what comes next.
    Stop {
        /// Which runs until now.
        client: Generation,
        /// Why nothing bridges that.
        why: Vec<String>,
    },
    /// Start a client again after a pause.
    Start {
        /// Which.
        client: Generation,
    },
}

impl Rollout {
    /// Does it go without saying? A stage does, and so does the new client in the place of the old one.
    pub fn is_usual(&self) -> bool {
        match self {
            Rollout::Apply { .. } => true,
            Rollout::Deploy { client, replaces, notes, .. } => {
                (*client, *replaces) == (Generation::New, Generation::Old) && notes.is_empty()
            }
            Rollout::Stop { .. } | Rollout::Start { .. } => false,
        }
    }
}
