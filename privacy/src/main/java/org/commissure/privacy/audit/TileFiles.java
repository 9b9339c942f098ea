package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log's tiles by the paths under which C2SP tlog-tiles serves them. Of a partial tile only the widest
 * version is stored; any narrower one is a prefix of it and is cut here. Thread-safe.
 */
public final class TileFiles {
    private static final Pattern PATH = Pattern.compile(
            "tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    private final TileFolder tiles;

    /** @param log the log's folder */
    public TileFiles(Path log) {
        this.tiles = new TileFolder(log);
    }

    /**
     * @param path such as {@code tile/0/x001/234.p/17}
     * @return exactly that many hashes or entries; empty where the path is no tile's, or the log does not
     *     have them
     */
    public Optional<byte[]> read(String path) throws IOException {
        Matcher match = PATH.matcher(path);
        if (!match.matches()) {
            return Optional.empty();
        }
        String kind = match.group(1);
        long index = Long.parseLong(match.group(2).replaceAll("[x/]", ""));
        int width = match.group(3) == null ? MerkleEdge.TILE_WIDTH : Integer.parseInt(match.group(3));
        if (width > MerkleEdge.TILE_WIDTH
                || !TileFolder.path(kind, index, width).equals(path)) {
            return Optional.empty(); // one tile has one path
        }
        try {
            if (kind.equals(TileFolder.ENTRIES)) {
                List<byte[]> entries = tiles.readEntries(index, width);
                return entries.size() == width ? Optional.of(EntryBundle.encode(entries)) : Optional.empty();
            }
            byte[] hashes = tiles.readHashes(Integer.parseInt(kind), index, width);
            return hashes.length == width * MerkleHash.BYTES ? Optional.of(hashes) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
