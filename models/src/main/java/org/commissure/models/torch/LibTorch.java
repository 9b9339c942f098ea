package org.commissure.models.torch;

import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/** The native library: loaded at first use, and what can be said when it is not there. */
@SuppressWarnings("try") // a call is there to end, not to be used
final class LibTorch {
    private static final String REMEDY = "; fetch the libraries with deploy/libtorch.sh ";

    private LibTorch() {}

    /**
     * Loads libtorch and lets its operations use this many threads. Both are the process's, not the caller's.
     *
     * @throws EngineUnavailableException if the native libraries are not on the class path or do not load
     */
    static void load(int threads) {
        load("cpu");
        try (Call call = Call.open()) { // threads that start here round to zero, too
            torch.set_num_threads(threads);
            // libtorch multiplies matrices with OpenBLAS, which counts its threads itself.
            openblas.blas_set_num_threads(threads);
        }
    }

    /** @throws EngineUnavailableException naming what is missing: libraries, driver or GPU */
    static void loadCuda() {
        load("cuda");
        if (!torch.hasCUDA()) {
            throw new EngineUnavailableException(
                    "no GPU can be used: no NVIDIA driver answers (libcuda.so.1), or the libtorch on the class path is"
                            + " the CPU's"
                            + REMEDY
                            + "cuda, check the driver with nvidia-smi, or choose device cpu");
        }
        if (torch.getNumGPUs() == 0) {
            throw new EngineUnavailableException("the NVIDIA driver shows no GPU to this process; check nvidia-smi and"
                    + " CUDA_VISIBLE_DEVICES, or choose device cpu");
        }
    }

    /** Whether the class path holds native libraries for this platform; loads nothing. */
    static boolean isOnTheClassPath() {
        String folder = "/org/bytedeco/pytorch/" + Loader.getPlatform();
        return Stream.of("", "-gpu")
                .anyMatch(build -> torch.class.getResource(folder + build + "/libjnitorch.so") != null);
    }

    private static void load(String build) {
        try {
            Loader.load(torch.class);
        } catch (LinkageError e) {
            throw new EngineUnavailableException(
                    "libtorch is not available: " + e.getMessage() + REMEDY + build + ", or choose device cpu", e);
        }
    }
}
