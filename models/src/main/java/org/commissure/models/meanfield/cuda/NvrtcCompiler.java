package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** NVIDIA's run-time compiler, in this process. */
final class NvrtcCompiler implements KernelCompiler {
    private final NativeLibrary nvrtc;

    NvrtcCompiler(NativeLibrary nvrtc) {
        this.nvrtc = nvrtc;
    }

    @Override
    public byte[] compile(String source, int capability) {
        int newest = newestNotAbove(capability);
        // Machine code does not ask the driver to understand this compiler's PTX, which an older driver cannot.
        return newest == capability
                ? compile(source, "sm_" + capability, "CUBIN")
                : compile(source, "compute_" + newest, "PTX");
    }

    /** PTX for a GPU of at least this capability. */
    byte[] toPtx(String source, int capability) {
        return compile(source, "compute_" + capability, "PTX");
    }

    private byte[] compile(String source, String architecture, String kind) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            check(nvrtc.call(
                    "nvrtcCreateProgram",
                    handle,
                    arena.allocateFrom(source),
                    arena.allocateFrom("meanfield.cu"),
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL));
            MemorySegment program = handle.get(ValueLayout.ADDRESS, 0);
            try {
                MemorySegment options = arena.allocate(ValueLayout.ADDRESS);
                options.set(ValueLayout.ADDRESS, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
                int status = nvrtc.call("nvrtcCompileProgram", program, 1, options);
                if (status != 0) {
                    throw new IllegalStateException(description() + " refuses the kernels for " + architecture + " ("
                            + error(status) + "): "
                            + new String(bytes(arena, program, "ProgramLog"), StandardCharsets.UTF_8).strip());
                }
                return bytes(arena, program, kind);
            } finally {
                check(nvrtc.call("nvrtcDestroyProgram", handle));
            }
        }
    }

    private byte[] bytes(Arena arena, MemorySegment program, String what) {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        check(nvrtc.call("nvrtcGet" + what + "Size", program, size));
        MemorySegment content = arena.allocate(Math.max(1, size.get(ValueLayout.JAVA_LONG, 0)));
        check(nvrtc.call("nvrtcGet" + what, program, content));
        return content.toArray(ValueLayout.JAVA_BYTE);
    }

    private int newestNotAbove(int capability) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check(nvrtc.call("nvrtcGetNumSupportedArchs", count));
            MemorySegment supported = arena.allocate(ValueLayout.JAVA_INT, count.get(ValueLayout.JAVA_INT, 0));
            check(nvrtc.call("nvrtcGetSupportedArchs", supported));
            int[] all = supported.toArray(ValueLayout.JAVA_INT);
            return IntStream.of(all)
                    .filter(one -> one <= capability)
                    .max()
                    .orElseThrow(() -> new IllegalStateException("the GPU's compute capability is " + capability / 10.
                            + ", but " + description() + " compiles for " + Arrays.toString(all)
                            + " (times ten) only; point CUDA_HOME to an older CUDA, or choose device cpu"));
        }
    }

    private void check(int status) {
        if (status != 0) {
            throw new IllegalStateException(description() + " failed: " + error(status));
        }
    }

    private String error(int status) {
        return nvrtc.text("nvrtcGetErrorString", status);
    }

    @Override
    public String description() {
        return "NVRTC (" + nvrtc.name() + ")";
    }
}
