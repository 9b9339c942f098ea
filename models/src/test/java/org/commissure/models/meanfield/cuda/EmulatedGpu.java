package org.commissure.models.meanfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The kernels as plain C on the CPU, compiled by gcc: the same text, the same host side, another machine. */
public final class EmulatedGpu implements Accelerator {
    private final Path folder;
    private final long freeBytes;

    /** Launches so far, "kernel blocksX blocksY threads". */
    final List<String> launches = new ArrayList<>();

    /** Bytes allocated and not freed. */
    long heldBytes;

    private EmulatedGpu(Path folder, long freeBytes) {
        this.folder = folder;
        this.freeBytes = freeBytes;
    }

    /** Ends the test as skipped, and says so, where gcc is absent. */
    static EmulatedGpu in(Path folder, long freeBytes) {
        boolean gcc;
        try {
            gcc = new ProcessBuilder("gcc", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            gcc = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (!gcc) {
            System.out.println("skipped: no gcc, so the kernels cannot run on the CPU");
        }
        Assumptions.assumeTrue(gcc);
        return new EmulatedGpu(folder, freeBytes);
    }

    /** The engine on an emulated GPU. */
    public static CudaSimulator simulator(Path folder) {
        return new CudaSimulator(in(folder, 1L << 30));
    }

    @Override
    public String name() {
        return "emulated";
    }

    @Override
    public long freeBytes() {
        return freeBytes;
    }

    @Override
    public Program compile(String source) {
        try (InputStream in = EmulatedGpu.class.getResourceAsStream("emulation.c")) {
            if (in == null) {
                throw new IllegalStateException("emulation.c is missing");
            }
            String frame = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Path c = Files.createTempFile(folder, "kernels", ".c"); // a loaded library's name cannot be used again
            Path library = Path.of(c + ".so");
            Files.writeString(c, frame.replace("// KERNELS\n", source));
            Process gcc = new ProcessBuilder(
                            "gcc",
                            "-O2",
                            "-march=native",
                            "-fPIC",
                            "-shared",
                            "-o",
                            library.toString(),
                            c.toString(),
                            "-lm")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (gcc.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return new Compiled(NativeLibrary.load(library).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Memory allocate(long bytes) {
        return new HostMemory(bytes);
    }

    @Override
    public void close() {}

    private final class Compiled implements Program {
        private final NativeLibrary library;

        Compiled(NativeLibrary library) {
            this.library = library;
        }

        @Override
        public void launch(String kernel, Grid grid, Object... arguments) {
            launches.add(kernel + " " + grid.blocksX() + " " + grid.blocksY() + " " + grid.threads());
            try (Arena arena = Arena.ofConfined()) {
                int status = library.call(
                        "launch",
                        arena.allocateFrom(kernel),
                        grid.blocksX(),
                        grid.blocksY(),
                        grid.threads(),
                        KernelArguments.pack(arena, arguments));
                if (status != 0) {
                    throw new IllegalStateException("launching " + kernel + ": " + status);
                }
            }
        }

        @Override
        public void close() {}
    }

    private final class HostMemory implements Memory {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        HostMemory(long bytes) {
            segment = arena.allocate(bytes, 256);
            heldBytes += bytes;
        }

        @Override
        public long address() {
            return segment.address();
        }

        @Override
        public void clear() {
            segment.fill((byte) 0);
        }

        @Override
        public void upload(MemorySegment from) {
            segment.asSlice(0, from.byteSize()).copyFrom(from);
        }

        @Override
        public void download(long offset, MemorySegment into) {
            into.copyFrom(segment.asSlice(offset, into.byteSize()));
        }

        @Override
        public void close() {
            heldBytes -= segment.byteSize();
            arena.close();
        }
    }
}
