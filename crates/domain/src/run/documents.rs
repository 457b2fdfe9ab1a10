//! The documents a run stores: each participant's complete input and result, canonical.

use super::canonical;
use crate::inputs::{Inputs, Participant};
use crate::result::ParticipantResult;

const NOBODY: &str = "\"participants\":[]";

/// The input document of one participant is the plan's header with only that participant in it. The header is the same
/// for everybody, so it is made once and cut open where the participant goes.
pub(super) struct Header {
    before: String,
    after: String,
}

impl Header {
    /// `header` has no participants.
    pub(super) fn new(header: &Inputs) -> Result<Self, serde_json::Error> {
        let empty = Inputs { participants: Vec::new(), ..header.clone() };
        let text = canonical(&empty)?;
        // No other place can read so: inside texts the quotes are escaped, and no other list has this name.
        let (before, after) = text.split_once(NOBODY).unwrap_or((text.as_str(), ""));
        Ok(Self { before: before.to_owned(), after: after.to_owned() })
    }

    /// The document of a participant.
    pub(super) fn with(&self, participant: &Participant) -> Result<String, serde_json::Error> {
        Ok(format!("{}\"participants\":[{}]{}", self.before, canonical(participant)?, self.after))
    }
}

/// The result document of one participant.
pub(super) fn result(result: &ParticipantResult) -> Result<String, serde_json::Error> {
    canonical(result)
}
