package org.commissure.models.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a safetensors file whose order and floating-point types are whatever its writer chose. */
final class SafetensorsTensors implements TensorFile {
    private static final int CHUNK_BYTES = 1 << 20;

    private final FileChannel in;
    private final long dataOffset;
    private final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();

    private SafetensorsTensors(FileChannel in, SafetensorsHeader header) throws IOException {
        this.in = in;
        dataOffset = in.position();
        header.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    static SafetensorsTensors open(Path file) throws IOException {
        FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new SafetensorsTensors(in, SafetensorsHeader.read(in));
        } catch (Throwable e) {
            in.close();
            throw e;
        }
    }

    @Override
    public Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        entries.forEach((name, entry) -> shapes.put(name, entry.shape()));
        return shapes;
    }

    @Override
    public void read(String name, float[] out, int at) throws IOException {
        SafetensorsHeader.Entry entry = entries.get(name);
        if (entry == null || !entry.type().isRead()) {
            throw new MalformedSafetensorsException(
                    entry == null
                            ? "has no tensor " + name
                            : "tensor " + name + " has dtype '" + entry.type() + "', which is not floating point of 16"
                                    + " to 64 bits");
        }
        in.position(dataOffset + entry.begin());
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int end = at + entry.length();
        for (int to = at; to < end; ) {
            buffer.clear().limit((int) Math.min(CHUNK_BYTES, (long) entry.type().bytes() * (end - to)));
            SafetensorsHeader.readFully(in, buffer, "tensor " + name);
            buffer.flip();
            while (buffer.hasRemaining()) {
                out[to++] = entry.type().next(buffer);
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
