package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// rulesMark stands between the versions of a stage of which each annotated a
// part of the articles.
const rulesMark = "+"

// noRules stands for a stage that had no version.
const noRules = "none"

// OtherRules names the stages whose version in the library that m describes is
// not that in rules, sorted; nothing when there are no articles or no rules to compare.
func OtherRules(m Manifest, rules map[string]string) []string {
	if m.Articles == 0 || m.Rules == nil || rules == nil {
		return nil
	}
	var out []string
	for _, stage := range stages(m.Rules, rules) {
		if cmp.Or(m.Rules[stage], noRules) != cmp.Or(rules[stage], noRules) {
			out = append(out, stage)
		}
	}
	return out
}

// mixed returns the rules of a library to which articles annotated by rules are added.
func (m Manifest) mixed(rules map[string]string) map[string]string {
	if rules == nil {
		return m.Rules
	}
	if m.Articles == 0 || m.Rules == nil {
		return rules
	}
	out := map[string]string{}
	for _, stage := range stages(m.Rules, rules) {
		have := strings.Split(cmp.Or(m.Rules[stage], noRules), rulesMark)
		if now := cmp.Or(rules[stage], noRules); !slices.Contains(have, now) {
			have = append(have, now)
		}
		out[stage] = strings.Join(have, rulesMark)
	}
	return out
}

// stages returns the stages that either names, sorted.
func stages(a, b map[string]string) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
