// Package query is the query language: it reads what a person types into a
// tree of small nodes and writes the tree back.
//
//	l := query.Language{Fields: fields, Value: readValue}
//	q, err := l.Parse(`产业转移 地点:酒泉 签约额:>=100亿元`)
//	q.String() // parses to the same tree
//
// Full-width and half-width marks are the same mark, fields have a Chinese and
// an English name, and what cannot be read is a *SyntaxError that knows its
// place and what would be accepted there. Help is the table of the language.
//
// The grammar, where a space stands for any white space or Chinese comma and
// what is in capitals is a token:
//
//	query   = or
//	or      = and { ( "OR" | "或" | "|" ) and }
//	and     = unary { [ "AND" | "与" | "且" | "&" ] unary }
//	unary   = ( "NOT" | "非" | "-" ) unary | primary
//	primary = "(" or ")" | QUOTED | "/" PATTERN "/" | WORD [ "*" | "~" [ DIGIT ] ]
//	        | ( "same" | "同句" ) "(" query ")" | ( "near" | "邻近" ) [ "/" N ] "(" query ")"
//	        | ( "figure" | "数字" ) "(" { condition } ")"
//	        | FIELD ":" ( primary | "=" NAME | date | compare | "*" )
//	        | METRIC ":" ( compare | "*" ) | METRIC compare | CONDITION ":" value, as in figure( … )
//	compare = [ "?" ] ( ">=" | ">" | "<=" | "<" | "=" | "~" ) VALUE | [ VALUE ] ".." [ VALUE ] | VALUE
//
// A quoted string ends with the partner of the mark that it began with. In the
// value of a field or condition, parentheses and quotation marks that follow a
// character and have their partner are part of it, as 机构:酒泉钢铁（集团）有限责任公司,
// and so are Chinese quotation marks at its beginning when it goes on behind
// them, as 活动:“丝路瑰宝”特展; parentheses with a space in them group.
package query
