// A verifier of our logs on golang.org/x/mod/sumdb, which nobody here wrote: it knows the format, not the product.
//
//	verifier FOLDER VKEY                      checkpoint, every tile, root, every entry of the bundles
//	verifier FOLDER VKEY -include INDEX HEX   inclusion of the leaf with these bytes
//	verifier FOLDER VKEY -old FILE            consistency with an older checkpoint
//
// Exit 0 with one line of JSON when all holds, 1 with one sentence when anything does not.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

func fail(format string, words ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", words...)
	os.Exit(1)
}

// open takes a signed checkpoint apart once the key has signed it: origin, size, root.
func open(text []byte, vkey string) (string, tlog.Tree) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		fail("verifier key: %v", err)
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		fail("checkpoint: %v", err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail("checkpoint: not of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		fail("checkpoint: size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		fail("checkpoint: root: %v", err)
	}
	return lines[0], tlog.Tree{N: size, Hash: root}
}

// path is where C2SP tlog-tiles puts a tile: without the height that the checksum database has in it.
func path(tile tlog.Tile) string {
	parts := strings.SplitN(tile.Path(), "/", 3) // tile/8/<level>/<n>
	return parts[0] + "/" + parts[2]
}

type folder struct {
	place string
	seen  map[string]bool
}

func (f *folder) Height() int { return height }

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		name := path(tile)
		data, err := os.ReadFile(filepath.Join(f.place, name))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", name, len(data))
		}
		f.seen[name], found[i] = true, data
	}
	return found, nil
}

func (f *folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

// entries reads one bundle as the format says: two bytes of length before each.
func (f *folder) entries(n int64, count int) [][]byte {
	name := "tile/entries/" + strings.SplitN(path(tlog.Tile{H: height, L: 0, N: n, W: count}), "/", 3)[2]
	data, err := os.ReadFile(filepath.Join(f.place, name))
	if err != nil {
		fail("bundle: %v", err)
	}
	var found [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
			fail("%s: cut short", name)
		}
		length := int(data[0])<<8 + int(data[1])
		found, data = append(found, data[2:2+length]), data[2+length:]
	}
	if len(found) != count {
		fail("%s: %d entries, not %d", name, len(found), count)
	}
	f.seen[name] = true
	return found
}

// everything derives each hash of the tree from the entries, holds every tile against them and compares the root.
func everything(f *folder, tree tlog.Tree) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = stored[index]
		}
		return list, nil
	})
	for n := int64(0); n*width < tree.N; n++ {
		count := int(tree.N - n*width)
		if count > width {
			count = width
		}
		for at, entry := range f.entries(n, count) {
			hashes, err := tlog.StoredHashes(n*width+int64(at), entry, reader)
			if err != nil {
				fail("hashes: %v", err)
			}
			stored = append(stored, hashes...)
		}
	}
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil || root != tree.Hash {
		fail("the entries do not lead to the signed root")
	}
	for _, tile := range positions(tree.N) {
		wanted, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			fail("tile: %v", err)
		}
		data, err := f.ReadTiles([]tlog.Tile{tile})
		if err != nil || !bytes.Equal(data[0], wanted) {
			fail("%s differs from the entries (%v)", path(tile), err)
		}
	}
	filepath.Walk(filepath.Join(f.place, "tile"), func(name string, info os.FileInfo, err error) error {
		relative, _ := filepath.Rel(f.place, name)
		if err == nil && !info.IsDir() && !f.seen[filepath.ToSlash(relative)] {
			fail("%s belongs to no position of the tree", relative)
		}
		return nil
	})
}

// positions lists each tile of a tree once, as wide as it is; tlog.NewTiles would list every narrower one too.
func positions(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size > 0; level, size = level+1, size/width {
		for n := int64(0); n < size/width; n++ {
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: n, W: width})
		}
		if rest := int(size % width); rest > 0 {
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: size / width, W: rest})
		}
	}
	return tiles
}

func main() {
	if len(os.Args) < 3 {
		fail("verifier FOLDER VKEY [-include INDEX HEX | -old FILE]")
	}
	f, vkey, rest := &folder{os.Args[1], map[string]bool{}}, os.Args[2], os.Args[3:]
	text, err := os.ReadFile(filepath.Join(f.place, "checkpoint"))
	if err != nil {
		fail("%v", err)
	}
	origin, tree := open(text, vkey)
	reader := tlog.TileHashReader(tree, f)
	switch {
	case len(rest) == 0:
		everything(f, tree)
	case rest[0] == "-include" && len(rest) == 3:
		index, err := strconv.ParseInt(rest[1], 10, 64)
		if err != nil || index < 0 || index >= tree.N {
			fail("no entry %s", rest[1])
		}
		leaf, err := hex.DecodeString(rest[2])
		if err != nil {
			fail("leaf: %v", err)
		}
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			fail("proof: %v", err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
			fail("inclusion: %v", err)
		}
	case rest[0] == "-old" && len(rest) == 2:
		older, err := os.ReadFile(rest[1])
		if err != nil {
			fail("%v", err)
		}
		_, old := open(older, vkey)
		if old.N > tree.N {
			fail("the log was cut: %d entries, once %d", tree.N, old.N)
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			fail("proof: %v", err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			fail("consistency: %v", err)
		}
	default:
		fail("what is %q?", rest)
	}
	json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"origin": origin, "size": tree.N, "root": tree.Hash.String()})
}
