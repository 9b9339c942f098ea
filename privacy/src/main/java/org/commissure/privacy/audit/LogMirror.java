package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;

/**
 * Copies a log that is served (C2SP tlog-tiles, and beside it the files of {@link LogLayout}) into a
 * folder, which {@link LogVerifier} then judges: nothing here is believed. A second copy into the
 * same folder fetches what is new. The checkpoint is written last, so that a copy that was cut off is
 * an older log or none.
 */
public final class LogMirror {
    private final Source source;
    private final LogLayout layout;
    private final TileFolder tiles;

    /** Where the files come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * @param path such as {@code tile/0/000.p/3}
         * @return empty where there is no such file
         */
        Optional<byte[]> get(String path) throws IOException;
    }

    private LogMirror(Source source, Path dir) {
        this.source = source;
        this.layout = new LogLayout(dir);
        this.tiles = new TileFolder(dir);
    }

    /**
     * @return how many entries the copy has
     * @throws UserError if what is served is not a log
     * @throws IOException if the source or the disk fails
     */
    public static long copy(Source source, Path dir) throws IOException {
        return new LogMirror(source, dir).run();
    }

    private long run() throws IOException {
        DurableFile.write(layout.authority(), require("trust/authority.pem"));
        DurableFile.write(layout.verifierKey(), require("trust/log.vkey"));
        DurableFile.createFolders(layout.certificates());
        NoteKey.Verifier key = layout.readVerifierKey();
        byte[] note = require("checkpoint");
        long size = Checkpoint.open(new String(note, StandardCharsets.UTF_8), key)
                .orElseThrow(() -> notALog("its checkpoint is not signed with its key"))
                .size();
        Named named = copyEntries(size);
        int levels = 0;
        while (size >>> (8 * levels) > 0) {
            copyHashes(levels, size >>> (8 * levels));
            levels++;
        }
        for (ByteString actor : named.actors()) {
            copyFile(
                    "certificates/" + HexFormat.of().formatHex(actor.toByteArray()) + ".der",
                    layout.certificate(actor));
        }
        for (String site : named.witnesses()) {
            copyWitness(site, size, key);
        }
        DurableFile.write(layout.checkpoint(), note);
        tiles.prune(size, Math.max(1, levels));
        tiles.prunePartialsBehind(size, levels);
        return size;
    }

    /** Whose files the entries ask for. */
    private record Named(Set<ByteString> actors, Set<String> witnesses) {}

    private Named copyEntries(long size) throws IOException {
        Named named = new Named(new HashSet<>(), new TreeSet<>());
        for (long first = 0; first < size; first += MerkleEdge.TILE_WIDTH) {
            int width = (int) Math.min(MerkleEdge.TILE_WIDTH, size - first);
            for (byte[] leaf : entries(first / MerkleEdge.TILE_WIDTH, width)) {
                try {
                    Signed signed = EntryCheck.decode(leaf);
                    named.actors().add(signed.getCertificateSha256());
                    LogEntry entry = LogEntry.parseFrom(signed.getPayload());
                    if (entry.getAction().equals(Actions.WITNESS_KEY)) {
                        named.witnesses().add(entry.getActor());
                    }
                } catch (EntryRefusedException | InvalidProtocolBufferException e) {
                    continue; // the verifier names it
                }
            }
        }
        return named;
    }

    private List<byte[]> entries(long index, int width) throws IOException {
        if (!tiles.hasEntries(index, width)) {
            List<byte[]> entries =
                    EntryBundle.decode(require(TileFolder.path(TileFolder.ENTRIES, index, width)), width);
            tiles.writeEntries(index, entries);
            return entries;
        }
        return tiles.readEntries(index, width);
    }

    private void copyHashes(int level, long hashes) throws IOException {
        for (long first = 0; first < hashes; first += MerkleEdge.TILE_WIDTH) {
            int width = (int) Math.min(MerkleEdge.TILE_WIDTH, hashes - first);
            long index = first / MerkleEdge.TILE_WIDTH;
            if (!tiles.hasHashes(level, index, width)) {
                tiles.writeHashes(level, index, require(TileFolder.path(Integer.toString(level), index, width)));
            }
        }
    }

    private void copyFile(String path, Path file) throws IOException {
        if (!Files.exists(file)) {
            Optional<byte[]> bytes = source.get(path); // the verifier names what lacks it
            if (bytes.isPresent()) {
                DurableFile.write(file, bytes.get());
            }
        }
    }

    /** A witness may have seen more than this copy holds by now; the next copy has its word. */
    private void copyWitness(String site, long size, NoteKey.Verifier key) throws IOException {
        if (!CertificateName.isPlain(site)) {
            return;
        }
        Optional<byte[]> note = source.get("witnesses/" + site);
        boolean fits = note.map(bytes -> Checkpoint.open(new String(bytes, StandardCharsets.UTF_8), key))
                .filter(opened -> opened.isPresent() && opened.get().size() > size)
                .isEmpty();
        if (note.isPresent() && fits) {
            DurableFile.write(layout.witnesses().resolve(site), note.get());
        }
    }

    private byte[] require(String path) throws IOException {
        return source.get(path).orElseThrow(() -> notALog("it has no " + path));
    }

    private static UserError notALog(String what) {
        return new UserError(
                "what is served there is not a whole log: " + what, "check the address, then ask the coordinator");
    }
}
