// Package relation ties the entities of a document together: who holds which
// post, who said what, who signed with whom, what lies where, who invests.
package relation
