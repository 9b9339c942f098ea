package org.commissure.models.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The zip container of {@code torch.save}: {@code <name>/data.pkl}, {@code <name>/data/<key>}, all stored. Because
 * compressed entries are refused and entries together cannot be larger than the file, there are no zip bombs.
 */
final class TorchZip implements AutoCloseable {
    private static final String PICKLE = "/data.pkl";
    private static final int MAXIMUM_ENTRIES = 1_000_000;
    private static final long MAXIMUM_PICKLE_BYTES = 64 << 20;

    private final ZipFile zip;
    private final String root;

    private TorchZip(ZipFile zip, String root) {
        this.zip = zip;
        this.root = root;
    }

    static TorchZip open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new MalformedTorchFileException("is not a whole zip file: " + e.getMessage(), e);
        }
        try {
            TorchZip archive = new TorchZip(zip, root(zip, Files.size(file)));
            archive.checkByteOrder();
            return archive;
        } catch (Throwable e) {
            zip.close();
            throw e;
        }
    }

    /** The archive's name, from its only {@code <name>/data.pkl}. */
    private static String root(ZipFile zip, long fileBytes) throws MalformedTorchFileException {
        if (zip.size() > MAXIMUM_ENTRIES) {
            throw new MalformedTorchFileException(
                    "has " + zip.size() + " entries; at most " + MAXIMUM_ENTRIES + " are read");
        }
        Set<String> names = new HashSet<>();
        String root = "";
        long bytes = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            check(entry);
            if (!names.add(entry.getName())) {
                throw new MalformedTorchFileException("has two entries called " + shown(entry));
            }
            bytes = Math.addExact(bytes, entry.getSize());
            if (bytes > fileBytes) {
                throw new MalformedTorchFileException(
                        "has entries of more bytes together than the file's " + fileBytes + ": they overlap");
            }
            int slash = entry.getName().indexOf('/');
            if (slash > 0 && entry.getName().substring(slash).equals(PICKLE)) {
                if (!root.isEmpty()) {
                    throw new MalformedTorchFileException("has several pickles: " + shown(entry) + " and another");
                }
                root = entry.getName().substring(0, slash);
            }
        }
        if (root.isEmpty()) {
            throw new MalformedTorchFileException("has no entry <name>/data.pkl: torch.save did not write it");
        }
        return root;
    }

    private static void check(ZipEntry entry) throws MalformedTorchFileException {
        String name = entry.getName();
        boolean plain = !name.isEmpty()
                && !name.startsWith("/")
                && name.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\\' && c != ':')
                && Arrays.stream(name.split("/", -1)).noneMatch(part -> part.equals("..") || part.equals("."));
        if (!plain) {
            throw new MalformedTorchFileException("has an entry called '" + shown(entry) + "', which is no plain name");
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw new MalformedTorchFileException(
                    "has a compressed entry, " + shown(entry) + "; torch.save stores entries as they are");
        }
    }

    private void checkByteOrder() throws IOException {
        ZipEntry order = zip.getEntry(root + "/byteorder");
        if (order != null) {
            String text = new String(bytes(order, 16), StandardCharsets.US_ASCII);
            if (!text.equals("little")) {
                throw new MalformedTorchFileException(
                        "is of byte order '" + RefusedPickleException.printable(text) + "'; only little is read");
            }
        }
    }

    byte[] pickle() throws IOException {
        return bytes(entry(root + PICKLE), MAXIMUM_PICKLE_BYTES);
    }

    /** @throws MalformedTorchFileException if there is no such storage or it is not as long as the pickle says */
    void check(Storage storage) throws MalformedTorchFileException {
        ZipEntry entry = entry(root + "/data/" + storage.key());
        if (entry.getSize() != storage.length() * storage.type().bytes()) {
            throw new MalformedTorchFileException("storage " + storage.key() + " has " + entry.getSize()
                    + " bytes, but its tensor says " + storage.length() + " elements of " + storage.type());
        }
    }

    byte[] bytes(Storage storage) throws IOException {
        check(storage);
        return bytes(entry(root + "/data/" + storage.key()), Integer.MAX_VALUE - 8);
    }

    private ZipEntry entry(String name) throws MalformedTorchFileException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null || entry.isDirectory()) {
            throw new MalformedTorchFileException("has no entry " + name);
        }
        return entry;
    }

    private byte[] bytes(ZipEntry entry, long maximum) throws IOException {
        if (entry.getSize() > maximum) {
            throw new MalformedTorchFileException(
                    "entry " + shown(entry) + " has " + entry.getSize() + " bytes; at most " + maximum + " are read");
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes((int) entry.getSize());
        } catch (ZipException e) {
            throw new MalformedTorchFileException("entry " + shown(entry) + " cannot be read: " + e.getMessage(), e);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (bytes.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
            throw new MalformedTorchFileException("entry " + shown(entry) + " is damaged: its checksum is wrong");
        }
        return bytes;
    }

    private static String shown(ZipEntry entry) {
        return RefusedPickleException.printable(entry.getName());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
