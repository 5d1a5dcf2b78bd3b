package figure

import "sort"

// A runeSet is a small sorted set of characters.
type runeSet []rune

func newRuneSet(s string) runeSet {
	set := runeSet(s)
	sort.Slice(set, func(i, j int) bool { return set[i] < set[j] })
	return set
}

func (s runeSet) has(r rune) bool {
	if r < s[0] || r > s[len(s)-1] {
		return false
	}
	for _, x := range s {
		if x >= r {
			return x == r
		}
	}
	return false
}

var (
	phraseEnds   = newRuneSet("、。（）()“”‘’《》【】「」 \u3000")
	loose        = newRuneSet(" 　、，,“‘（(：:\n'\"")
	ratioNouns   = newRuneSet("占同环之对类无性单成率配评百")
	breaks       = newRuneSet("，,：:；;（(）) 　\n")
	leading      = newRuneSet("、的”’） 　")
	openQuotes   = newRuneSet("“‘")
	codeRunes    = newRuneSet("-+_./*×＋零一二三四五六七八九十")
	codeJoints   = newRuneSet("-+_./×±＋")
	latinJoints  = newRuneSet("-+＋×.")
	hanDigits    = newRuneSet("零一二三四五六七八九")
	hanOneToNine = newRuneSet("一二两三四五六七八九")
	hanTwoToNine = newRuneSet("二两三四五六七八九")
	numberGoesOn = newRuneSet("十百千万亿点.")
)
