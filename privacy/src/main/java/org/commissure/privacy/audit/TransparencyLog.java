package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.jspecify.annotations.Nullable;

/**
 * The append-only log of a federation, in a folder. One process at a time may have it open.
 *
 * <p>An append writes (1) actors' certificates, (2) entry bundles, (3) hash tiles, (4) the signed
 * checkpoint, each file atomically and durably, in this order. The checkpoint is the commit: a crash
 * before (4) leaves files beyond it, which {@link #open} removes; a crash after (4) loses nothing.
 * Tiles can be computed from the entries again; entries under a checkpoint cannot be replaced, so a
 * log that lacks some is refused, never signed shorter.
 *
 * <p>Thread-safe. An append costs the files at the tree's right edge, whatever the size of the log.
 */
public final class TransparencyLog implements AutoCloseable {
    private final LogLayout layout;
    private final NoteKey key;
    private final EntryCheck check;
    private final TileFolder tiles;
    private final FileChannel lockChannel;

    private LogState state;
    private boolean uncertain;
    private @Nullable Cosignatures witnessKeys;

    private TransparencyLog(LogLayout layout, NoteKey key, FileChannel lockChannel) {
        this.layout = layout;
        this.key = key;
        this.lockChannel = lockChannel;
        this.check = new EntryCheck(Certificates.readPem(layout.authority()));
        this.tiles = new TileFolder(layout.folder());
        this.state = LogState.recover(layout, tiles, key);
    }

    /**
     * Makes an empty log in {@code dir} and its key in {@code keyFile} (0600, outside {@code dir}).
     *
     * @param origin the log's name for ever, such as {@code commissure/<federation>}; no spaces or plus signs
     * @throws UserError if there is a log or a key already, or a file cannot be written
     */
    public static TransparencyLog create(Path dir, String origin, X509Certificate authority, Path keyFile) {
        LogLayout layout = new LogLayout(dir);
        if (Files.exists(layout.checkpoint())) {
            throw new UserError(dir + " holds a log already", "open it; a log is never begun again");
        }
        if (keyFile.toAbsolutePath().normalize().startsWith(dir.toAbsolutePath().normalize())) {
            throw new UserError(
                    "the log's key would lie inside the log, which is published", "keep " + keyFile + " elsewhere");
        }
        try {
            // An earlier create may have ended between the key and the checkpoint.
            NoteKey key = Files.exists(keyFile) ? readKey(keyFile) : NoteKey.generate(NoteKey.Kind.LOG, origin);
            if (!key.verifier().name().equals(origin)) {
                throw new UserError(
                        keyFile + " is the key of another log, '"
                                + key.verifier().name() + "'",
                        "name a key file that does not exist");
            }
            DurableFile.writeSecret(keyFile, (key.secret() + "\n").getBytes(StandardCharsets.US_ASCII));
            DurableFile.write(layout.authority(), Certificates.pem(authority).getBytes(StandardCharsets.US_ASCII));
            DurableFile.write(layout.verifierKey(), (key.verifier().text() + "\n").getBytes(StandardCharsets.UTF_8));
            DurableFile.createFolders(layout.certificates());
            String empty = key.sign(new Checkpoint(origin, 0, MerkleHash.empty()).text())
                    .format();
            DurableFile.write(layout.checkpoint(), empty.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw cannotWrite(dir, e);
        }
        return open(dir, keyFile);
    }

    /**
     * Opens a log and puts right what an interrupted append left behind.
     *
     * @throws UserError if it is open elsewhere, its checkpoint is not signed with this key, or
     *     entries under the checkpoint are missing or altered
     */
    public static TransparencyLog open(Path dir, Path keyFile) {
        LogLayout layout = new LogLayout(dir);
        NoteKey key = readKey(keyFile);
        FileChannel lock = lock(layout);
        try {
            return new TransparencyLog(layout, key, lock);
        } catch (UserError e) {
            closeQuietly(lock, e);
            throw e;
        }
    }

    /** How many entries the log has. */
    public synchronized long size() {
        return state.size();
    }

    /** The newest checkpoint: a C2SP signed note. */
    public synchronized String checkpoint() {
        return state.checkpoint();
    }

    /** How many witnesses have cosigned the newest checkpoint. */
    public synchronized int cosignatures() {
        return SignedNote.parse(state.checkpoint()).orElseThrow().signatures().size() - 1;
    }

    /** SHA-256 of the newest checkpoint in UTF-8 as the log signed it, without the witnesses' lines. */
    public byte[] checkpointSha256() {
        String text = SignedNote.parse(checkpoint()).orElseThrow().text();
        return SignedMessages.sha256(ByteString.copyFromUtf8(key.sign(text).format()))
                .toByteArray();
    }

    /**
     * What to show a witness that saw {@code oldSize} entries last. One that saw more than there are is
     * shown the checkpoint without a proof, and will say what it thinks of it.
     *
     * @throws UserError if a tile cannot be read
     */
    public synchronized CheckpointOffer offer(long oldSize) {
        settle();
        long from = Math.clamp(oldSize, 0, state.size());
        try {
            String own = key.sign(
                            SignedNote.parse(state.checkpoint()).orElseThrow().text())
                    .format();
            return new CheckpointOffer(own, from, new TreeProofs(tiles::readHashes).consistency(from, state.size()));
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    /**
     * Keeps a witness's cosignature: under the newest checkpoint where it is that one, and as this
     * witness's newest in {@code witnesses/}.
     *
     * @param site whose witness it is
     * @param note the checkpoint that was offered
     * @param line what the witness answered
     * @return false where it is not a cosignature of that checkpoint by a key of this site that the log
     *     knows of; then nothing is kept
     * @throws UserError if the disk does not take it
     */
    public synchronized boolean cosigned(String site, String note, String line) {
        settle();
        Optional<SignedNote> whole = SignedNote.parse(note + line);
        Optional<Checkpoint> checkpoint = Checkpoint.open(note, key.verifier());
        if (whole.isEmpty() || checkpoint.isEmpty()) {
            return false;
        }
        List<Cosignature> good = witnessKeys()
                .judge(whole.get(), checkpoint.get().size(), key.verifier())
                .good();
        if (good.size() != 1
                || !good.getFirst()
                        .witness()
                        .equals(Cosignatures.name(key.verifier().name(), site))) {
            return false;
        }
        try {
            DurableFile.write(
                    layout.witnesses().resolve(site), whole.get().format().getBytes(StandardCharsets.UTF_8));
            if (state.checkpoint().startsWith(checkpoint.get().text() + "\n")) {
                state = state.cosigned(whole.get().signatures().getLast(), layout);
            }
        } catch (IOException e) {
            throw cannotWrite(layout.folder(), e);
        }
        return true;
    }

    /** Read from the log once; afterwards each append adds to it. */
    private Cosignatures witnessKeys() {
        Cosignatures known = witnessKeys;
        if (known == null) {
            known = new Cosignatures(key.verifier().name());
            for (LoggedEntry logged : LogReader.read(layout.folder())) {
                known.introduce(logged.entry());
            }
            witnessKeys = known;
        }
        return known;
    }

    /** The public key of the checkpoints: a C2SP vkey, without an end of line. */
    public String verifierKey() {
        return key.verifier().text();
    }

    /**
     * Checks an entry as {@link #append} will, so that a peer's bad entry can be refused on receipt.
     *
     * @throws EntryRefusedException see {@link EntryCheck#open}
     */
    public void check(Signed entry, X509Certificate actor) throws EntryRefusedException {
        check.open(entry, actor);
    }

    /**
     * Appends all entries in order, or none. When it returns they are durable and under the
     * checkpoint.
     *
     * @param actors the signing certificates of the entries' signers, in any order; those that the
     *     log holds already may be left out
     * @return the index of the first of the entries
     * @throws UserError if an entry is refused, or the disk does not take it (a full disk); then
     *     nothing was appended, or, where the very last flush failed, all: {@link #indexOf} tells
     */
    public synchronized long append(List<Signed> entries, List<X509Certificate> actors) {
        try {
            settle();
            long first = state.size();
            if (entries.isEmpty()) {
                return first;
            }
            List<LogEntry> opened = new ArrayList<>();
            for (Signed entry : entries) {
                opened.add(keepActorOf(entry, actors));
            }
            uncertain = true;
            state = state.append(entries, layout, tiles, key);
            uncertain = false;
            if (witnessKeys != null) {
                opened.forEach(witnessKeys::introduce);
            }
            return first;
        } catch (IOException e) {
            throw cannotWrite(layout.folder(), e);
        }
    }

    /** Where exactly this entry stands, if it was appended before; so that a repeated one is not. */
    public synchronized OptionalLong indexOf(Signed entry) {
        settle();
        byte[] leaf = MerkleHash.leaf(SignedMessages.canonical(entry).toByteArray());
        try {
            for (long tile = (state.size() - 1) >> 8; tile >= 0; tile--) {
                int width = (int) Math.min(MerkleEdge.TILE_WIDTH, state.size() - (tile << 8));
                List<byte[]> hashes = MerkleEdge.split(tiles.readHashes(0, tile, width));
                for (int i = 0; i < hashes.size(); i++) {
                    if (Arrays.equals(hashes.get(i), leaf)) {
                        return OptionalLong.of((tile << 8) + i);
                    }
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new UserError("the lock on " + layout.folder() + " cannot be released", "check the disk", e);
        }
    }

    /** After a failed append only the folder knows whether its checkpoint was still written. */
    private void settle() {
        if (uncertain) {
            state = LogState.recover(layout, tiles, key);
            uncertain = false;
        }
    }

    private LogEntry keepActorOf(Signed entry, List<X509Certificate> actors) throws IOException {
        X509Certificate actor = actors.stream()
                .filter(candidate -> SignedMessages.sha256(candidate).equals(entry.getCertificateSha256()))
                .findFirst()
                .or(() -> layout.readCertificate(entry.getCertificateSha256()))
                .orElseThrow(() -> refused("the signing certificate of an entry's actor is not at hand"));
        try {
            LogEntry opened = check.open(entry, actor);
            layout.keepCertificate(actor);
            return opened;
        } catch (EntryRefusedException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static UserError refused(String why) {
        return new UserError(
                "an entry cannot be logged: " + why, "this is the signer's fault; correct the entry and sign it again");
    }

    private UserError cannotRead(IOException e) {
        return new UserError(
                "the log in " + layout.folder() + " cannot be read", "check the disk, then start again", e);
    }

    private static UserError cannotWrite(Path dir, IOException e) {
        return new UserError(
                "the log in " + dir + " cannot be written: " + e.getMessage(),
                "free space on its disk or check the folder's permissions; nothing logged is lost",
                e);
    }

    /**
     * The verifier key of the log in {@code dir}, without opening it.
     *
     * @throws UserError if it cannot be read
     */
    public static String verifierKey(Path dir) {
        Path file = new LogLayout(dir).verifierKey();
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "restore the log's folder from its backup", e);
        }
    }

    private static NoteKey readKey(Path keyFile) {
        try {
            return NoteKey.parseSecret(
                    NoteKey.Kind.LOG,
                    Files.readString(keyFile, StandardCharsets.US_ASCII).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(keyFile + " is not the key of a log", "restore it from its backup", e);
        }
    }

    private static FileChannel lock(LogLayout layout) {
        try {
            FileChannel channel = FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw new UserError(
                    "the log in " + layout.folder() + " cannot be opened: " + e.getMessage(),
                    "name the folder of a log and check its permissions",
                    e);
        }
        throw new UserError(
                "the log in " + layout.folder() + " is open in another process",
                "stop that process; two writers would fork the log");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // open in this very process
        }
    }

    private static void closeQuietly(FileChannel channel, UserError because) {
        try {
            channel.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
