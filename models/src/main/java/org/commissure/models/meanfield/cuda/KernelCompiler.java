package org.commissure.models.meanfield.cuda;

import org.commissure.models.torch.EngineUnavailableException;

/** Turns CUDA C into what the driver loads. Thread-safe. */
interface KernelCompiler {
    /**
     * @param capability compute capability of the GPU, times ten: 90 for 9.0
     * @return machine code of that GPU, or PTX where the compiler is older than the GPU
     * @throws IllegalStateException with the compiler's log if it refuses
     */
    byte[] compile(String source, int capability);

    /** For people. */
    String description();

    /** @throws EngineUnavailableException if the machine has no compiler; the message says where was looked */
    static KernelCompiler of(CudaInstallation installation) {
        return installation
                .nvrtc()
                .<KernelCompiler>map(NvrtcCompiler::new)
                .or(() -> installation.nvcc().map(NvccCompiler::new))
                .orElseThrow(() -> new EngineUnavailableException(
                        "CUDA's run-time compiler (libnvrtc.so, version 12 or 13) was not found in "
                                + installation.searched()
                                + "; set CUDA_HOME to CUDA's folder, fetch the compiler with deploy/libtorch.sh nvrtc,"
                                + " or choose device cpu"));
    }
}
