package org.commissure.models.meanfield.cuda;

/** What the driver's status codes mean to the person who started the program. */
final class CudaStatus {
    static final int SUCCESS = 0;

    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_DEVICE = 100;
    private static final int INVALID_IMAGE = 200;
    private static final int NO_BINARY_FOR_GPU = 209;
    private static final int UNCORRECTABLE_ECC = 214;
    private static final int UNSUPPORTED_PTX = 222;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int LAUNCH_TIMEOUT = 702;
    private static final int LAUNCH_FAILED = 719;
    private static final int SYSTEM_NOT_READY = 802;
    private static final int DRIVER_MISMATCH = 803;
    private static final int NOT_SUPPORTED = 801;
    private static final int UNKNOWN = 999;

    private CudaStatus() {}

    /** Cause and remedy, one line. {@code name} is the driver's own: "CUDA_ERROR_OUT_OF_MEMORY". */
    static String explain(int code, String name) {
        String said = name.isEmpty() ? "error " + code : name;
        return switch (code) {
            case OUT_OF_MEMORY ->
                "the GPU's memory is full (" + said + "); end other programs that nvidia-smi lists, or score fewer"
                        + " candidates at once";
            case NO_DEVICE ->
                "the NVIDIA driver shows no GPU to this process (" + said
                        + "); check nvidia-smi and CUDA_VISIBLE_DEVICES, or choose device cpu";
            case INVALID_IMAGE, NO_BINARY_FOR_GPU, UNSUPPORTED_PTX ->
                "the driver does not take what the compiler made (" + said
                        + "); update NVIDIA's driver, or point CUDA_HOME to the CUDA release that nvidia-smi names";
            case UNCORRECTABLE_ECC ->
                "the GPU's memory is damaged (" + said + "); see nvidia-smi -q, and choose another GPU";
            case ILLEGAL_ADDRESS, LAUNCH_FAILED ->
                "a kernel failed on the GPU (" + said + "); start the program again, or choose device cpu";
            case LAUNCH_TIMEOUT ->
                "the driver stopped a kernel that took too long (" + said
                        + "); use a GPU that drives no display, or choose device cpu";
            case NOT_SUPPORTED, SYSTEM_NOT_READY, DRIVER_MISMATCH ->
                "NVIDIA's driver is not ready (" + said
                        + "); nvidia-smi must work first: a restart loads the installed driver";
            case UNKNOWN -> "NVIDIA's driver failed without a reason (" + said + "); see dmesg, or choose device cpu";
            default -> "NVIDIA's driver reports " + said;
        };
    }
}
