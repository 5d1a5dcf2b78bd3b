package index

import "testing"

// The table is filled by ranges; it has what each character folds to.
func TestFoldTableIsThatOfEachCharacter(t *testing.T) {
	for r, got := range foldBasic() {
		if want := foldSlow(rune(r)); got != want {
			t.Errorf("%U is %U in the table, folds to %U", r, got, want)
		}
	}
}
