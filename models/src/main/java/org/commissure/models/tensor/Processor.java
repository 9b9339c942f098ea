package org.commissure.models.tensor;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Helps OpenBLAS to know the processor. OpenBLAS 0.3.31 takes AMD's Zen 5 for a Haswell and then runs its AVX2 kernels,
 * at half the speed of its AVX-512 ones (112 against 215 GFLOP/s a core, 2048³). It reads {@code OPENBLAS_CORETYPE}
 * once, when it is loaded; so the variable is set in this process before that, unless somebody has set it.
 */
final class Processor {
    private static final String VARIABLE = "OPENBLAS_CORETYPE";
    private static final Set<String> AVX_512 = Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private Processor() {}

    /** Must run before anything loads OpenBLAS; later it has no effect. */
    static void introduce() {
        if (System.getenv(VARIABLE) == null) {
            String core = core();
            if (!core.isEmpty()) {
                set(core);
            }
        }
    }

    /** OpenBLAS's name for the kernels to use; empty where its own detection does well. */
    private static String core() {
        Path facts = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(facts)) {
            return "";
        }
        boolean amd = false;
        try {
            for (String line : Files.readAllLines(facts)) {
                amd |= line.startsWith("vendor_id") && line.endsWith("AuthenticAMD");
                if (line.startsWith("flags")) {
                    Set<String> flags =
                            Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+"));
                    if (!amd || !flags.containsAll(AVX_512)) {
                        return "";
                    }
                    return flags.contains("avx512_bf16") ? "Cooperlake" : "SkylakeX";
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return ""; // slower, not wrong
        }
        return "";
    }

    private static void set(String core) {
        Linker linker = Linker.nativeLinker();
        MethodHandle setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(VARIABLE);
            MemorySegment value = arena.allocateFrom(core);
            int failed = (int) setenv.invokeExact(name, value, 0);
            if (failed != 0) {
                throw new IllegalStateException("setenv refused " + VARIABLE);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("calling setenv failed", e);
        }
    }
}
