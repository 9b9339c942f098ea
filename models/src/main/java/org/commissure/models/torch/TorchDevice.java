package org.commissure.models.torch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Where tensors live. Copies between Java arrays and the device go through here. Call within a pointer scope. */
final class TorchDevice {
    private final torch.DeviceType type;

    private TorchDevice(torch.DeviceType type) {
        this.type = type;
    }

    static TorchDevice cpu() {
        return new TorchDevice(torch.DeviceType.CPU);
    }

    /** The first GPU that {@code CUDA_VISIBLE_DEVICES} leaves visible. */
    static TorchDevice cuda() {
        return new TorchDevice(torch.DeviceType.CUDA);
    }

    boolean isCuda() {
        return type == torch.DeviceType.CUDA;
    }

    torch.DeviceType type() {
        return type;
    }

    /** Float32, uninitialised. */
    Tensor empty(long... shape) {
        return onDevice(torch.empty(shape));
    }

    Tensor zeros(long... shape) {
        return onDevice(torch.zeros(shape));
    }

    Tensor floats(float[] values, long... shape) {
        Tensor host = torch.empty(shape);
        if (host.numel() != values.length) {
            throw new IllegalArgumentException(values.length + " values do not fill " + host.numel());
        }
        if (values.length > 0) { // an empty tensor has no memory
            host.data_ptr_float().put(values, 0, values.length);
        }
        return onDevice(host);
    }

    Tensor indices(long[] values) {
        Tensor host = torch.empty(
                new long[] {values.length}, new TensorOptions(torch.ScalarType.Long), new MemoryFormatOptional());
        if (values.length > 0) {
            new LongPointer(host.data_ptr()).put(values, 0, values.length);
        }
        return onDevice(host);
    }

    /** Copies a float32 or bfloat16 tensor out, in row-major order. */
    static void read(Tensor tensor, float[] out, int offset) {
        Tensor host = tensor.detach().to(torch.ScalarType.Float).cpu().contiguous();
        FloatPointer values = host.data_ptr_float();
        values.get(out, offset, Math.toIntExact(host.numel()));
    }

    static float[] read(Tensor tensor) {
        float[] out = new float[Math.toIntExact(tensor.numel())];
        read(tensor, out, 0);
        return out;
    }

    private Tensor onDevice(Tensor host) {
        return isCuda() ? host.to(new Device(type), host.scalar_type()) : host;
    }
}
