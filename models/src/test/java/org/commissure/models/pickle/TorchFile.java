package org.commissure.models.pickle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zip + pickle as {@code torch.save} does, and as it never would. */
final class TorchFile {
    final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    TorchFile() {
        op(0x80, 2).op('}').op('(');
    }

    TorchFile op(int... bytes) {
        for (int b : bytes) {
            pickle.write(b);
        }
        return this;
    }

    TorchFile text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X').raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(utf8.length)
                .array());
        return raw(utf8);
    }

    TorchFile integer(long value) {
        op(0x8a, 8);
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    TorchFile global(String module, String name) {
        return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    TorchFile raw(byte[] bytes) {
        pickle.writeBytes(bytes);
        return this;
    }

    /** One item of the dict; an empty name leaves the key out. */
    TorchFile tensor(
            String name, String storageClass, String key, long elements, long offset, long[] sizes, long[] strides) {
        if (!name.isEmpty()) {
            text(name);
        }
        global("torch._utils", "_rebuild_tensor_v2")
                .op('(', '(')
                .text("storage")
                .global("torch", storageClass);
        text(key).text("cpu").integer(elements).op('t', 'Q').integer(offset);
        tuple(sizes).tuple(strides);
        return op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
    }

    TorchFile tuple(long... values) {
        op('(');
        for (long value : values) {
            integer(value);
        }
        return op('t');
    }

    TorchFile storage(String key, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return entry("model/data/" + key, bytes.array());
    }

    TorchFile entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    /** Ends the dict and writes the archive. */
    Path write(Path file) throws IOException {
        op('u', '.');
        return write(file, pickle(), entries);
    }

    static Path write(Path file, byte[] pickle, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            stored(zip, "model/data.pkl", pickle);
            for (var entry : entries.entrySet()) {
                stored(zip, entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
