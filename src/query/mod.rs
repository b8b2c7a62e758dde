//! People's own SQL: a text is cut into statements, each is run, and its rows are written in some format as they come.

mod dialect;
mod format;
mod layout;
mod lexer;
mod output;
mod rows;
mod session;
mod statements;
mod table;
mod text_formats;
mod trouble;
mod watch;

pub use dialect::{Dialect, Reader, holds_sql, is_complete};
pub use format::Format;
pub use lexer::{Kind as TokenKind, Token, tokens};
pub use output::Output;
pub use rows::{Column, Kind, Sink};
pub use session::{Done, Session, Style, statements_of};
pub use statements::Statement;
