//! The grammar: sqlparser's BigQuery dialect, with what it lacks.

use std::any::TypeId;

use sqlparser::ast::{CastKind, DataType, Expr, Statement};
use sqlparser::dialect::{BigQueryDialect, Dialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::place::not_understood;
use crate::failure::Failure;

/// How deep queries and expressions may be nested, far beyond what people write and far below what the stack holds.
const DEPTH: usize = 120;

/// How many words and signs a text may have: twice what the longest queries in use have, and few enough for any chain of
/// them to fit the stack.
const LENGTH: usize = 120_000;

/// The statements of a text. String literals are kept as written; `literal` reads them.
///
/// # Errors
/// If it is not BigQuery's SQL; the message says where.
pub(super) fn parse(text: &str) -> Result<Vec<Statement>, Failure> {
    let tokens = Tokenizer::new(&Grammar, text)
        .with_unescape(false)
        .tokenize_with_location()
        .map_err(|error| not_understood(&error.into()))?;
    if tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).count() > LENGTH {
        return Err(Failure::input(format!("this SQL has more than {LENGTH} words and signs"))
            .remedy("translate it in several parts"));
    }
    Parser::new(&Grammar)
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| not_understood(&error))
}

/// Whether a text that is being typed can be run: nothing is open, and it ends with a semicolon or holds nothing.
pub fn is_complete(text: &str) -> bool {
    let tokens = Tokenizer::new(&Grammar, text).with_unescape(false).tokenize();
    let last = |tokens: &[Token]| tokens.iter().rfind(|token| !matches!(token, Token::Whitespace(_))).cloned();
    tokens.is_ok_and(|tokens| last(&tokens).is_none_or(|token| token == Token::SemiColon))
}

/// Whether there is more in a text than comments and semicolons.
pub fn holds_sql(text: &str) -> bool {
    let tokens = Tokenizer::new(&Grammar, text).with_unescape(false).tokenize();
    !tokens.is_ok_and(|tokens| tokens.iter().all(|token| matches!(token, Token::Whitespace(_) | Token::SemiColon)))
}

/// sqlparser's dialect, which lacks shifts and typed arrays (it reads `ARRAY<INT64>[1]` as comparisons).
#[derive(Debug)]
struct Grammar;

/// Methods that are the library's own.
macro_rules! as_the_library {
    ($($name:ident),* $(,)?) => {
        $(fn $name(&self) -> bool { BigQueryDialect.$name() })*
    };
}

impl Dialect for Grammar {
    as_the_library!(
        supports_hash_comment,
        supports_projection_trailing_commas,
        supports_column_definition_trailing_commas,
        supports_triple_quoted_string,
        supports_window_function_null_treatment_arg,
        supports_string_literal_backslash_escape,
        supports_window_clause_named_window_reference,
        supports_parenthesized_set_variables,
        supports_select_wildcard_except,
        require_interval_qualifier,
        supports_struct_literal,
        supports_select_expr_star,
        supports_from_first_select,
        supports_execute_immediate,
        supports_table_versioning,
        supports_group_by_expr,
        supports_pipe_operator,
        supports_create_table_multi_schema_info_sources,
        supports_select_wildcard_replace,
        supports_comma_separated_trim,
        supports_add_column_if_not_exists,
    );

    /// Many rules of the parser ask whether this is BigQuery.
    fn dialect(&self) -> TypeId {
        TypeId::of::<BigQueryDialect>()
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        BigQueryDialect.is_delimited_identifier_start(c)
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        BigQueryDialect.identifier_quote_style(identifier)
    }

    fn is_identifier_start(&self, c: char) -> bool {
        BigQueryDialect.is_identifier_start(c)
    }

    fn is_identifier_part(&self, c: char) -> bool {
        BigQueryDialect.is_identifier_part(c)
    }

    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser) -> bool {
        BigQueryDialect.is_column_alias(keyword, parser)
    }

    fn parse_statement(&self, parser: &mut Parser) -> Option<Result<Statement, ParserError>> {
        BigQueryDialect.parse_statement(parser)
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let typed_array = parser.peek_keyword(Keyword::ARRAY) && parser.peek_nth_token(1).token == Token::Lt;
        typed_array.then(|| parse_typed_array(parser))
    }
}

/// `ARRAY<INT64>[1, 2]` as a cast of `[1, 2]`.
fn parse_typed_array(parser: &mut Parser) -> Result<Expr, ParserError> {
    let data_type: DataType = parser.parse_data_type()?;
    let expr = Box::new(parser.parse_prefix()?);
    Ok(Expr::Cast { kind: CastKind::Cast, expr, data_type, format: None })
}
