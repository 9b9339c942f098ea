package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.commissure.models.torch.EngineUnavailableException;

/** The first GPU that {@code CUDA_VISIBLE_DEVICES} leaves visible, by NVIDIA's driver API. */
final class CudaAccelerator implements Accelerator {
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private final NativeLibrary driver;
    private final KernelCompiler compiler;
    private final int device;
    private final String name;
    private final int capability;
    private final MemorySegment context;

    private CudaAccelerator(NativeLibrary driver, KernelCompiler compiler, int device) {
        this.driver = driver;
        this.compiler = compiler;
        this.device = device;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(256);
            check("cuDeviceGetName", text, (int) text.byteSize(), device);
            name = text.getString(0);
            capability = 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            check("cuDevicePrimaryCtxRetain", handle, device);
            context = handle.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** @throws EngineUnavailableException naming what is missing (driver, GPU or compiler) and what to do */
    static CudaAccelerator open(CudaInstallation installation) {
        NativeLibrary driver = installation
                .driver()
                .orElseThrow(() -> new EngineUnavailableException("NVIDIA's driver is not installed: "
                        + installation.driverNames().getFirst()
                        + " was not found; install the driver until nvidia-smi works, or choose device cpu"));
        int status = driver.call("cuInit", 0);
        if (status != CudaStatus.SUCCESS) {
            throw new EngineUnavailableException(CudaStatus.explain(status, errorName(driver, status)));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(ValueLayout.JAVA_INT);
            status = driver.call("cuDeviceGet", device, 0);
            if (status != CudaStatus.SUCCESS) {
                throw new EngineUnavailableException(CudaStatus.explain(status, errorName(driver, status)));
            }
            KernelCompiler compiler = KernelCompiler.of(installation);
            return new CudaAccelerator(driver, compiler, device.get(ValueLayout.JAVA_INT, 0));
        } catch (IllegalStateException e) {
            throw new EngineUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private int attribute(int which) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            check("cuDeviceGetAttribute", value, which, device);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private void check(String function, Object... arguments) {
        int status = driver.call(function, arguments);
        if (status != CudaStatus.SUCCESS) {
            throw new IllegalStateException(
                    CudaStatus.explain(status, errorName(driver, status)) + " [" + function + "]");
        }
    }

    private static String errorName(NativeLibrary driver, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
            if (driver.call("cuGetErrorName", status, text) != CudaStatus.SUCCESS) {
                return "";
            }
            return text.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        }
    }

    /** A context belongs to a thread; callers come from many. */
    private void enter() {
        check("cuCtxSetCurrent", context);
    }

    @Override
    public String name() {
        return name + ", " + compiler.description();
    }

    @Override
    public long freeBytes() {
        enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
            check("cuMemGetInfo_v2", free, total);
            return free.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Override
    public Program compile(String source) {
        byte[] image = compiler.compile(source, capability);
        enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment terminated = arena.allocate(image.length + 1L); // PTX is a C string
            MemorySegment.copy(image, 0, terminated, ValueLayout.JAVA_BYTE, 0, image.length);
            MemorySegment module = arena.allocate(ValueLayout.ADDRESS);
            check("cuModuleLoadData", module, terminated);
            return new LoadedModule(module.get(ValueLayout.ADDRESS, 0));
        }
    }

    @Override
    public Memory allocate(long bytes) {
        enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
            check("cuMemAlloc_v2", address, bytes);
            DeviceMemory memory = new DeviceMemory(address.get(ValueLayout.JAVA_LONG, 0), bytes);
            memory.clear();
            return memory;
        }
    }

    @Override
    public void close() {
        check("cuDevicePrimaryCtxRelease_v2", device);
    }

    private final class LoadedModule implements Program {
        private final MemorySegment module;

        LoadedModule(MemorySegment module) {
            this.module = module;
        }

        @Override
        public void launch(String kernel, Grid grid, Object... arguments) {
            enter();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment function = arena.allocate(ValueLayout.ADDRESS);
                check("cuModuleGetFunction", function, module, arena.allocateFrom(kernel));
                check(
                        "cuLaunchKernel",
                        function.get(ValueLayout.ADDRESS, 0),
                        grid.blocksX(),
                        grid.blocksY(),
                        1,
                        grid.threads(),
                        1,
                        1,
                        0,
                        MemorySegment.NULL,
                        KernelArguments.pack(arena, arguments),
                        MemorySegment.NULL);
            }
        }

        @Override
        public void close() {
            enter();
            check("cuModuleUnload", module);
        }
    }

    private final class DeviceMemory implements Memory {
        private final long address;
        private final long bytes;

        DeviceMemory(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        @Override
        public long address() {
            return address;
        }

        @Override
        public void clear() {
            enter();
            check("cuMemsetD32_v2", address, 0, bytes / Integer.BYTES);
        }

        @Override
        public void upload(MemorySegment from) {
            enter();
            check("cuMemcpyHtoD_v2", address, from, from.byteSize());
        }

        @Override
        public void download(long offset, MemorySegment into) {
            enter();
            check("cuMemcpyDtoH_v2", into, address + offset, into.byteSize());
        }

        @Override
        public void close() {
            enter();
            check("cuMemFree_v2", address);
        }
    }
}
