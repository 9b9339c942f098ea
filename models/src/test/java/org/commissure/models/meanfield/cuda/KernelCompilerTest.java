package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The kernels through NVIDIA's compilers, which need no GPU. */
final class KernelCompilerTest {
    private static final CudaInstallation HERE = CudaInstallation.ofThisMachine();

    @Test
    void nvrtcCompilesAllKernelsForSmallAndLargeConnectomes() {
        NvrtcCompiler nvrtc = new NvrtcCompiler(present(HERE.nvrtc(), "libnvrtc.so"));
        for (int regions : new int[] {2, 68, 400, 1_024}) {
            String ptx = new String(nvrtc.toPtx(source(regions), 80), StandardCharsets.US_ASCII);
            assertThat(ptx)
                    .contains(".target sm_80")
                    .contains(".entry simulate", ".entry philox_noise", ".entry connectivity", ".entry dynamics");
        }
        assertThat(nvrtc.compile(source(68), 90)).startsWith(0x7f, 'E', 'L', 'F');
    }

    @Test
    void aGpuNewerThanNvrtcGetsPtxAndAnOlderOneAReason() {
        NvrtcCompiler nvrtc = new NvrtcCompiler(present(HERE.nvrtc(), "libnvrtc.so"));
        assertThat(new String(nvrtc.compile(source(3), 999), StandardCharsets.US_ASCII))
                .contains(".entry simulate");
        assertThatThrownBy(() -> nvrtc.compile(source(3), 10))
                .hasMessageContaining("compute capability is 1.0")
                .hasMessageContaining("device cpu");
    }

    @Test
    void nvrtcsLogIsInTheError() {
        NvrtcCompiler nvrtc = new NvrtcCompiler(present(HERE.nvrtc(), "libnvrtc.so"));
        assertThatThrownBy(() -> nvrtc.compile("void broken(", 90))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("meanfield.cu(1)");
    }

    @Test
    void nvccCompilesTheKernels() {
        NvccCompiler nvcc = new NvccCompiler(present(HERE.nvcc(), "nvcc"));
        assertThat(nvcc.compile(source(68), 90)).startsWith(0x7f, 'E', 'L', 'F');
        assertThatThrownBy(() -> nvcc.compile("void broken(", 90)).hasMessageContaining("meanfield.cu(1)");
    }

    private static String source(int regions) {
        return new KernelSource(regions, Haemodynamics.KONG_2021, Timing.KONG_2021).text();
    }

    private static <T> T present(Optional<T> compiler, String name) {
        if (compiler.isEmpty()) {
            System.out.println("skipped: " + name + " is not in " + HERE.searched());
        }
        Assumptions.assumeTrue(compiler.isPresent());
        return compiler.orElseThrow();
    }
}
