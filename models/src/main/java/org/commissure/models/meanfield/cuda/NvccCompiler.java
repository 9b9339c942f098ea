package org.commissure.models.meanfield.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CUDA's compiler as a command, where the run-time library is not installed. */
final class NvccCompiler implements KernelCompiler {
    private final Path nvcc;

    NvccCompiler(Path nvcc) {
        this.nvcc = nvcc;
    }

    @Override
    public byte[] compile(String source, int capability) {
        try {
            Path folder = Files.createTempDirectory("commissure-nvcc");
            Path written = folder.resolve("meanfield.cu");
            Path made = folder.resolve("meanfield.cubin");
            try {
                Files.writeString(written, source);
                run(folder, "-arch=sm_" + capability, "-cubin", "-o", made.toString(), written.toString());
                return Files.readAllBytes(made);
            } finally {
                Files.deleteIfExists(written);
                Files.deleteIfExists(made);
                Files.deleteIfExists(folder.resolve("log"));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("compiling the kernels with " + nvcc, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + nvcc + " compiles the kernels", e);
        }
    }

    private void run(Path folder, String... options) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder command = new ProcessBuilder(nvcc.toString());
        command.command().addAll(List.of(options));
        Process process =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(description() + " refuses the kernels: "
                        + Files.readString(log, StandardCharsets.UTF_8).strip());
            }
        } finally {
            process.destroy();
        }
    }

    @Override
    public String description() {
        return "nvcc (" + nvcc + ")";
    }
}
