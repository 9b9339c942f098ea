package org.commissure.privacy.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Writes one backup under a temporary name; {@link #commit} gives it its own. A ZIP, in a sealed stream where there is a
 * passphrase. Not thread-safe.
 */
public final class BackupWriter implements AutoCloseable {
    private final PendingFile pending;
    private final Path out;
    private final @Nullable SealedOutput sealed;
    private final ZipOutputStream zip;
    private final List<BackupManifest.Entry> entries = new ArrayList<>();

    private BackupWriter(PendingFile pending, Path out, char @Nullable [] passphrase) throws IOException {
        this.pending = pending;
        this.out = out;
        this.sealed = passphrase == null ? null : new SealedOutput(pending.stream(), passphrase);
        this.zip = new ZipOutputStream(sealed == null ? pending.stream() : sealed);
        zip.setLevel(Deflater.BEST_SPEED); // vectors of floats hardly shrink
    }

    /**
     * Begins a backup.
     *
     * @param passphrase null for one that anybody can read
     * @throws UserError if there is such a file already
     */
    public static BackupWriter begin(Path out, char @Nullable [] passphrase) throws IOException {
        if (Files.exists(out)) {
            throw new UserError(out + " exists already", "name a new file; a backup is never overwritten");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null) {
            throw new UserError(out + " is not a file name", "name a file in a folder");
        }
        PendingFile pending = PendingFile.secretIn(folder);
        try {
            return new BackupWriter(pending, out, passphrase);
        } catch (IOException | RuntimeException e) {
            pending.close();
            throw e;
        }
    }

    /** Adds bytes. */
    public void add(String name, byte[] bytes) throws IOException {
        add(name, new ByteArrayInputStream(bytes));
    }

    /** Adds a file, or every file below a folder, but for those that are being written; one that vanishes is left out. */
    public void add(String name, Path from) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String below = from.relativize(file).toString();
                if (attributes.isRegularFile() && !below.endsWith(DurableFile.TEMPORARY_SUFFIX)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        add(below.isEmpty() ? name : name + "/" + below, in);
                    } catch (NoSuchFileException e) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw problem;
            }
        });
    }

    private void add(String name, InputStream in) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        DigestOutputStream hashed = new DigestOutputStream(OutputStream.nullOutputStream(), sha256());
        byte[] some = new byte[1 << 16];
        long bytes = 0;
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            zip.write(some, 0, read);
            hashed.write(some, 0, read);
            bytes += read;
        }
        zip.closeEntry();
        entries.add(new BackupManifest.Entry(
                name, bytes, HexFormat.of().formatHex(hashed.getMessageDigest().digest())));
    }

    /** Ends the archive and gives the file its name. */
    public BackupManifest commit(String kind, Instant now, Map<String, String> facts) throws IOException {
        BackupManifest manifest =
                new BackupManifest(BackupManifest.FORMAT, kind, now.toString(), facts, List.copyOf(entries));
        zip.putNextEntry(new ZipEntry(BackupManifest.NAME));
        zip.write(new ObjectMapper().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.finish();
        if (sealed != null) {
            sealed.close();
        }
        pending.commit(out.getFileName().toString());
        return manifest;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java virtual machine has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        pending.close();
    }
}
