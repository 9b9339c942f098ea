package org.commissure.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.torch.EngineUnavailableException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EnginesTest {
    private static final BrainLmConfiguration SMALL =
            new BrainLmConfiguration(3, 20, 10, 16, 1, 1, 2, 24, new float[3][3]);

    private static void assumeNoGpu() {
        boolean none = !Files.exists(Path.of("/dev/nvidia0"));
        if (!none) {
            System.out.println("skipped: this machine has a GPU");
        }
        Assumptions.assumeTrue(none);
    }

    @Test
    void cpuIsOurOwnEngine() {
        try (TrainableModel model = Engines.open(SMALL, Device.CPU, 2)) {
            assertThat(model).isInstanceOf(BrainLm.class);
        }
    }

    @Test
    void cudaWithoutAGpuSaysWhatIsMissingAndWhatToDo() {
        assumeNoGpu();
        assertThatThrownBy(() -> Engines.open(SMALL, Device.CUDA, 1))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("driver")
                .hasMessageContaining("nvidia-smi")
                .hasMessageContaining("deploy/libtorch.sh cuda")
                .hasMessageContaining("device cpu");
    }

    @Test
    void autoFallsBackToTheCpu() {
        assumeNoGpu();
        try (TrainableModel model = Engines.open(SMALL, Device.AUTO, 1)) {
            assertThat(model).isInstanceOf(BrainLm.class);
        }
    }

    @Test
    void withoutNativeLibrariesTheCpuWorksAndCudaNamesTheRemedy() throws Exception {
        assertThat(inAProcessWithoutLibtorch("CPU")).containsExactly("opened BrainLm");
        assertThat(inAProcessWithoutLibtorch("CUDA"))
                .singleElement()
                .asString()
                .contains("libtorch is not available")
                .contains("deploy/libtorch.sh cuda");
    }

    private static List<String> inAProcessWithoutLibtorch(String device) throws IOException, InterruptedException {
        String classPath = String.join(
                ":",
                List.of(System.getProperty("java.class.path").split(":")).stream()
                        .filter(entry -> !entry.matches(".*/pytorch-[^/]*linux[^/]*\\.jar"))
                        .toList());
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                classPath,
                Opening.class.getName(),
                device));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            List<String> lines = out.readAllLines();
            assertThat(process.waitFor()).isZero();
            return lines;
        }
    }

    /** What the child process runs. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            try (TrainableModel model = Engines.open(SMALL, Device.valueOf(arguments[0]), 1)) {
                System.out.println("opened " + model.getClass().getSimpleName());
            } catch (EngineUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
