package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CudaStatusTest {
    @Test
    void anInvisibleGpuIsExplainedWithWhatToCheck() {
        assertThat(CudaStatus.explain(100, "CUDA_ERROR_NO_DEVICE"))
                .contains("no GPU", "CUDA_ERROR_NO_DEVICE", "CUDA_VISIBLE_DEVICES", "device cpu");
    }

    @Test
    void fullMemoryAndAnOldDriverNameTheirRemedies() {
        assertThat(CudaStatus.explain(2, "CUDA_ERROR_OUT_OF_MEMORY")).contains("memory is full", "fewer candidates");
        assertThat(CudaStatus.explain(222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"))
                .contains("update NVIDIA's driver", "CUDA_HOME");
    }

    @Test
    void anUnknownCodeIsStillNamed() {
        assertThat(CudaStatus.explain(12_345, "")).contains("12345");
    }
}
