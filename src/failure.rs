//! What went wrong, what to do about it, and the exit status that says so.

use std::fmt;

/// The kinds of failure, each with its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Loaded, but a checksum, a count, a key or a row did not hold: status 4.
    Check,
    /// The files given are missing or bad: status 3.
    Input,
    /// The command line makes no sense: status 2.
    Usage,
    /// Anything else: status 1.
    Failed,
    /// Stopped by the user: status 130, as shells have it for Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The exit status of a run that ends with this kind.
    pub fn exit_status(self) -> u8 {
        match self {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::Input => 3,
            Kind::Check => 4,
            Kind::Interrupted => 130,
        }
    }
}

/// An error whose text a user can act on: what happened, and what to do.
#[derive(Debug)]
pub struct Failure {
    /// Decides the exit status.
    pub kind: Kind,
    /// What happened, naming the file, table or line.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// Whether a disk is full, so that there is little point in going on with something else.
    pub full_disk: bool,
    cause: Option<anyhow::Error>,
}

impl Failure {
    /// A failure of some kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), remedy: None, full_disk: false, cause: None }
    }

    /// Missing or bad input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A command line that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Anything that is neither the input's nor the command line's fault.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// Something does not hold that should.
    pub fn check(message: impl Into<String>) -> Self {
        Self::new(Kind::Check, message)
    }

    /// The user stopped the run.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self::new(Kind::Interrupted, message)
    }

    /// Adds what to do.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Says which file it is about.
    pub fn in_file(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// Adds what caused it.
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The failure in an error's chain, or a plain one that says the whole chain.
    pub fn from_error(error: anyhow::Error) -> Self {
        match error.downcast::<Failure>() {
            Ok(failure) => failure,
            Err(error) => {
                let kind = error.chain().find_map(|e| e.downcast_ref::<Failure>()).map_or(Kind::Failed, |f| f.kind);
                Failure::new(kind, format!("{error:#}"))
            }
        }
    }

    /// The failure that a reader wrapped in an error of reading, without its causes.
    pub fn in_io(error: &std::io::Error) -> Option<Self> {
        let inner = error.get_ref()?.downcast_ref::<Failure>()?;
        let failure = Failure::new(inner.kind, inner.message.clone());
        Some(Failure { remedy: inner.remedy.clone(), full_disk: inner.full_disk, ..failure })
    }

    /// Message, causes and remedy in one text, for reports and the terminal alike.
    pub fn full_text(&self) -> String {
        let mut text = self.message.clone();
        if let Some(cause) = &self.cause {
            text.push_str(&format!(": {cause:#}"));
        }
        if let Some(remedy) = &self.remedy {
            text.push_str(&format!("\n  {remedy}"));
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_under_context_keeps_its_kind() {
        let error =
            anyhow::Error::new(Failure::input("no such folder").remedy("check the path")).context("while planning");
        let failure = Failure::from_error(error);
        assert_eq!(failure.kind, Kind::Input);
    }

    #[test]
    fn causes_and_remedy_are_told() {
        let cause = std::io::Error::other("disk on fire");
        let text = Failure::failed("cannot write x").because(cause).remedy("buy a disk").full_text();
        assert_eq!(text, "cannot write x: disk on fire\n  buy a disk");
    }
}
