package index

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A complete version says what it is made of, so that damage is seen and most of
// it mended:
//
//	sums                  the manifest, and size and checksum of every file
//	contents              which articles each input gave
//	root.copy             a second index/root.bolt, without which no segment can be read
//	dictionary.copy       a second dictionary, without which no article can be read
const (
	sumsFile       = "sums"
	contentsFile   = "contents"
	rootFile       = "root.bolt"
	rootCopy       = "root.copy"
	dictionaryCopy = "dictionary.copy"
	segmentExt     = ".zap"
)

// sums are the contents of sumsFile.
type sums struct {
	Manifest Manifest  `json:"manifest"`
	Files    []fileSum `json:"files"`
}

// A fileSum is what a file has to be. The sum of a segment is the one that it
// ends with; nobody has to read segments to write it down.
type fileSum struct {
	Name string `json:"name"` // in the folder of the version, with slashes
	Size int64  `json:"size"`
	Sum  uint32 `json:"sum"`
}

// protect writes what says and doubles what the version in dir is made of.
func protect(dir string, m Manifest, owner map[string]string) error {
	for _, c := range [][2]string{{filepath.Join(indexDir, rootFile), rootCopy}, {dictionaryFile, dictionaryCopy}} {
		err := copyFile(filepath.Join(dir, c[0]), filepath.Join(dir, c[1]))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // nothing may be in yet
			return err
		}
	}
	if err := writeContents(dir, owner); err != nil {
		return err
	}
	return writeSums(dir, m)
}

// writeSums writes the sums of the version in dir, as its files are now.
func writeSums(dir string, m Manifest) error {
	s := sums{Manifest: m}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == sumsFile {
			return err
		}
		f := fileSum{Name: filepath.ToSlash(name)}
		f.Size, f.Sum, err = sumOf(path, false)
		s.Files = append(s.Files, f)
		return err
	})
	if err != nil {
		return err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, sumsFile), fmt.Appendf(b, "\n%08x\n", checksum(b)))
}

// readSums reads the sums of the version in dir.
func readSums(dir string) (s sums, err error) {
	b, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		return s, err
	}
	b, sum, _ := bytes.Cut(b, []byte("\n"))
	if string(sum) != fmt.Sprintf("%08x\n", checksum(b)) {
		return s, errSum
	}
	return s, json.Unmarshal(b, &s)
}

var (
	errSum  = errors.New("wrong checksum")
	errGone = errors.New("missing")
)

// sumOf returns the size and the checksum of a file. Of a segment it is read from
// its end, or, when all is read, computed of what stands before.
func sumOf(path string, all bool) (size int64, sum uint32, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return 0, 0, err
	}
	segment := filepath.Ext(path) == segmentExt && size >= 4
	if segment && !all {
		var end [4]byte
		_, err = f.ReadAt(end[:], size-4)
		return size, binary.BigEndian.Uint32(end[:]), err
	}
	h, n := crc32.New(castagnoli), size
	if segment {
		h, n = crc32.NewIEEE(), size-4
	}
	_, err = io.Copy(h, io.NewSectionReader(f, 0, n))
	return size, h.Sum32(), err
}

// verify returns what is wrong with the file in the folder dir of a version.
func (f fileSum) verify(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	size, sum, err := sumOf(path, true)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errGone
	case err != nil:
		return err
	case size != f.Size:
		return fmt.Errorf("%d bytes, want %d", size, f.Size)
	case sum != f.Sum:
		return errSum
	}
	if _, end, err := sumOf(path, false); err != nil || filepath.Ext(path) == segmentExt && end != f.Sum {
		return cmpError(err, errSum)
	}
	return nil
}

func cmpError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// intact returns what is wrong with the files of the version in dir that a
// library cannot do without and that are small, and with the others named. A
// version without sums has been written by an older program.
func intact(dir string, names ...string) error {
	s, err := readSums(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", sumsFile, err)
	}
	for _, f := range s.Files {
		if f.Name == dictionaryFile || f.Name == indexDir+"/"+rootFile || slices.Contains(names, f.Name) {
			if err := f.verify(dir); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// writeContents writes which articles each input gave: by input its key and their ids.
func writeContents(dir string, owner map[string]string) error {
	b, err := json.Marshal(byOwner(owner))
	if err != nil {
		return err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	defer enc.Close()
	return writeFile(filepath.Join(dir, contentsFile), enc.EncodeAll(b, nil))
}

// readContents returns the key of the input of each article.
func readContents(dir string) (owner map[string]string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, contentsFile))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	if b, err = dec.DecodeAll(b, nil); err != nil {
		return nil, err
	}
	ids := map[string][]string{}
	if err := json.Unmarshal(b, &ids); err != nil {
		return nil, err
	}
	owner = map[string]string{}
	for key, ids := range ids {
		for _, id := range ids {
			owner[id] = key
		}
	}
	return owner, nil
}

func byOwner(owner map[string]string) map[string][]string {
	ids := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(owner)) {
		ids[owner[id]] = append(ids[owner[id]], id)
	}
	return ids
}

// A loss is what a repair could not save. It is kept beside the manifest until
// builds have read the inputs again.
type loss struct {
	Before  int                 `json:"before"`            // articles of the library when it was whole
	Unknown int                 `json:"unknown,omitempty"` // articles that are lost without a trace of their input
	Inputs  map[string][]string `json:"inputs,omitempty"`  // the others, by input
}

const (
	lossFile   = "lost.json"
	damagedDir = "damaged"
)

func readLoss(dir string) (l loss, err error) {
	b, err := os.ReadFile(filepath.Join(dir, lossFile))
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &l)
	}
	return l, err
}

func (l loss) write(dir string) error {
	if l.articles() == 0 {
		err := os.Remove(filepath.Join(dir, lossFile))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	b, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, lossFile), append(b, '\n'))
}

func (l loss) articles() int {
	n := l.Unknown
	for _, ids := range l.Inputs {
		n += len(ids)
	}
	return n
}

// add adds what is lost since.
func (l *loss) add(o loss) {
	l.Before, l.Unknown = max(l.Before, o.Before), l.Unknown+o.Unknown
	if l.Inputs == nil {
		l.Inputs = map[string][]string{}
	}
	for key, ids := range o.Inputs {
		l.Inputs[key] = append(l.Inputs[key], ids...)
		slices.Sort(l.Inputs[key])
		l.Inputs[key] = slices.Compact(l.Inputs[key])
	}
}

// String says how many articles are lost and from where.
func (l loss) String() string {
	keys := slices.Sorted(maps.Keys(l.Inputs))
	const shown = 5
	s := fmt.Sprintf("%d of %d articles are lost", l.articles(), max(l.Before, l.articles()))
	if len(keys) > 0 {
		s += ", from " + strings.Join(keys[:min(len(keys), shown)], ", ")
	}
	if n := len(keys) - shown; n > 0 {
		s += fmt.Sprintf(" and %d more inputs", n)
	}
	if l.Unknown > 0 && len(keys) > 0 {
		s += fmt.Sprintf("; the inputs of %d are not known", l.Unknown)
	}
	return s
}

// regain takes out of the loss of the library in dir what its inputs gave again:
// what is in, and what an input that was read whole does not have any more.
func regain(dir string, j *journal) error {
	l, err := readLoss(dir)
	if err != nil || l.articles() == 0 {
		return err
	}
	for key, ids := range l.Inputs {
		s := j.sources[key]
		ids = slices.DeleteFunc(ids, func(id string) bool { return j.owner[id] != "" || s != nil && s.done })
		if l.Inputs[key] = ids; len(ids) == 0 {
			delete(l.Inputs, key)
		}
	}
	if len(j.owner) >= l.Before-(l.articles()-l.Unknown) {
		l.Unknown = 0
	}
	return l.write(dir)
}
