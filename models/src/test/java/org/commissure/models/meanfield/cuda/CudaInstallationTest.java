package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.commissure.models.torch.EngineUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking for NVIDIA's software, and what is said where it is missing. */
final class CudaInstallationTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void withoutADriverTheReasonNamesItAndTheRemedy() {
        CudaInstallation none = new CudaInstallation(Map.of(), List.of(), List.of("libcuda-that-is-nowhere.so.1"));
        assertThatThrownBy(() -> CudaAccelerator.open(none))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("driver is not installed")
                .hasMessageContaining("libcuda-that-is-nowhere.so.1")
                .hasMessageContaining("nvidia-smi")
                .hasMessageContaining("device cpu");
    }

    @Test
    void aLibraryThatIsNoDriverIsAnErrorNotACrash() {
        CudaInstallation other = new CudaInstallation(Map.of(), List.of(), List.of("libc.so.6"));
        assertThatThrownBy(() -> CudaAccelerator.open(other)).hasMessageContaining("has no function cuInit");
    }

    @Test
    void nvccOfTheNamedInstallationComesFirst() throws IOException {
        Path named = executable("named/bin/nvcc");
        Path usual = executable("usual/cuda-13.0/bin/nvcc");
        Path onPath = executable("path/nvcc");
        String path = "/nowhere:" + onPath.getParent();
        List<Path> places = List.of(folder.resolve("usual"), folder.resolve("absent"));

        assertThat(new CudaInstallation(
                                Map.of("CUDA_HOME", folder.resolve("named").toString(), "PATH", path),
                                places,
                                List.of())
                        .nvcc())
                .contains(named);
        assertThat(new CudaInstallation(Map.of("PATH", path), places, List.of()).nvcc())
                .contains(usual);
        assertThat(new CudaInstallation(Map.of("PATH", path), List.of(), List.of()).nvcc())
                .contains(onPath);
        assertThat(new CudaInstallation(Map.of(), List.of(), List.of()).nvcc()).isEmpty();
    }

    @Test
    void theNewestOfSeveralInstallationsIsTaken() throws IOException {
        executable("usual/cuda-12.4/bin/nvcc");
        Path newest = executable("usual/cuda-13.1/bin/nvcc");
        assertThat(new CudaInstallation(Map.of(), List.of(folder.resolve("usual")), List.of()).nvcc())
                .contains(newest);
    }

    @Test
    void aFileThatIsNoLibraryIsPassedOver() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("cuda/lib64"));
        Files.writeString(lib.resolve("libnvrtc.so.13"), "no library");
        assertThat(NativeLibrary.load(lib.resolve("libnvrtc.so.13"))).isEmpty();
    }

    private Path executable(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
