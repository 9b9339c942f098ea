package org.commissure.privacy.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** Extracts a backup and believes nothing of it that its manifest's hashes do not confirm. */
public final class BackupReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANIFEST_BYTES = 64 << 20;

    private BackupReader() {}

    /** What of one archive was read. */
    private record Found(
            Map<String, BackupManifest.Entry> entries,
            @Nullable BackupManifest manifest) {}

    /**
     * Writes every file below {@code folder}, for its owner only.
     *
     * @param folder exists and is empty; what lies there after an error is worth nothing
     * @param passphrase null where there is none
     * @throws UserError if the archive is damaged, sealed with another passphrase, or of another kind of home
     */
    public static BackupManifest extract(Path archive, Path folder, String kind, char @Nullable [] passphrase)
            throws IOException {
        Found found;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                InputStream in = opened(archive, file, passphrase)) {
            found = extract(new ZipInputStream(in), folder);
        } catch (ZipException | IllegalArgumentException e) {
            throw damaged(archive, "it is no archive: " + e.getMessage());
        }
        BackupManifest manifest = found.manifest();
        if (manifest == null) {
            throw damaged(archive, "it has no manifest, so it is cut off or no backup");
        }
        if (manifest.format() != BackupManifest.FORMAT) {
            throw new UserError(
                    archive + " is of format " + manifest.format() + ", and this version reads "
                            + BackupManifest.FORMAT,
                    "restore it with the version that wrote it, or a newer one");
        }
        if (!manifest.kind().equals(kind)) {
            throw new UserError(
                    archive + " is the backup of a " + manifest.kind(), "restore it with that side's command");
        }
        Map<String, BackupManifest.Entry> left = new HashMap<>(found.entries());
        for (BackupManifest.Entry entry : manifest.entries()) {
            if (!entry.equals(left.remove(entry.name()))) {
                throw damaged(archive, entry.name() + " is not what its manifest says");
            }
        }
        if (!left.isEmpty()) {
            throw damaged(
                    archive,
                    "its manifest does not name " + left.keySet().iterator().next());
        }
        return manifest;
    }

    private static InputStream opened(Path archive, InputStream in, char @Nullable [] passphrase) throws IOException {
        in.mark(SealKey.MAGIC.length);
        boolean sealed = Arrays.equals(in.readNBytes(SealKey.MAGIC.length), SealKey.MAGIC);
        if (!sealed) {
            in.reset();
            return in;
        }
        if (passphrase == null) {
            throw new UserError(archive + " is sealed", "give --passphrase-file, with the passphrase it was made with");
        }
        return new SealedInput(in, passphrase);
    }

    private static Found extract(ZipInputStream zip, Path folder) throws IOException {
        Map<String, BackupManifest.Entry> entries = new HashMap<>();
        BackupManifest manifest = null;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().equals(BackupManifest.NAME)) {
                manifest = manifest(zip);
            } else {
                entries.put(entry.getName(), write(zip, folder, entry.getName()));
            }
        }
        // To the archive's very end, so that the last sealed chunk is checked as well.
        zip.transferTo(OutputStream.nullOutputStream());
        return new Found(entries, manifest);
    }

    private static BackupManifest manifest(ZipInputStream zip) throws IOException {
        try {
            return JSON.readValue(zip.readNBytes(MANIFEST_BYTES), BackupManifest.class);
        } catch (JacksonException e) {
            throw new ZipException("its manifest cannot be read");
        }
    }

    private static BackupManifest.Entry write(ZipInputStream zip, Path folder, String name) throws IOException {
        Path file = folder.resolve(name).normalize();
        Path below = file.getParent();
        if (below == null || !below.startsWith(folder) || Files.exists(file)) {
            throw new ZipException("an entry is named " + name);
        }
        DurableFile.createFolders(below);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
                DigestOutputStream hashed = new DigestOutputStream(out, BackupWriter.sha256())) {
            long bytes = zip.transferTo(hashed);
            return new BackupManifest.Entry(
                    name,
                    bytes,
                    HexFormat.of().formatHex(hashed.getMessageDigest().digest()));
        }
    }

    private static UserError damaged(Path archive, String why) {
        return new UserError(archive + " is damaged: " + why, "take another copy of the backup");
    }
}
