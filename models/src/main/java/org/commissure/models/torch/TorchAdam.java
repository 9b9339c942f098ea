package org.commissure.models.torch;

import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.weights.ParameterLayout;

/**
 * Adam on the flat vectors of {@link FlatParameters} (Kingma &amp; Ba 2015, algorithm 1 in torch's arrangement), then
 * decoupled decay of all tensors but biases and norms. Call within a pointer scope and without autograd.
 */
final class TorchAdam implements AutoCloseable {
    /** Four slices of this length stay in a core's second-level cache; a GPU takes the whole vector at once. */
    private static final long SLICE = 1 << 16;

    private final AdamSettings settings;
    private final FlatParameters parameters;
    private final TorchDevice device;
    private final Kept kept = new Kept();
    private final Tensor mean;
    private final Tensor meanSquare;
    private final List<ParameterLayout.Tensor> decaying;
    private long steps;

    /** @param unused tensors that no output depends on: they have no gradient and do not decay either */
    TorchAdam(AdamSettings settings, FlatParameters parameters, TorchDevice device, Predicate<String> unused) {
        this.settings = settings;
        this.parameters = parameters;
        this.device = device;
        int count = parameters.layout().parameterCount();
        mean = kept.keep(device.zeros(count));
        meanSquare = kept.keep(device.zeros(count));
        decaying = parameters.layout().tensors().stream()
                .filter(tensor -> decays(tensor.name()) && !unused.test(tensor.name()))
                .toList();
    }

    private static boolean decays(String name) {
        return !name.endsWith(".bias") && !name.contains("norm") && !name.contains("LayerNorm");
    }

    void step(double learningRate) {
        steps++;
        double rate = learningRate / (1 - Math.pow(settings.beta1(), steps));
        double root = Math.sqrt(1 - Math.pow(settings.beta2(), steps));
        long count = parameters.layout().parameterCount();
        long slice = device.isCuda() ? count : SLICE;
        for (long at = 0; at < count; at += slice) {
            update(at, Math.min(slice, count - at), rate, root);
        }
        if (settings.weightDecay() != 0) {
            Scalar kept = new Scalar(1 - learningRate * settings.weightDecay());
            for (ParameterLayout.Tensor tensor : decaying) {
                parameters.values().narrow(0, tensor.offset(), tensor.length()).mul_(kept);
            }
        }
    }

    /** @param root of the second moment's bias correction */
    private void update(long at, long length, double rate, double root) {
        Tensor g = parameters.gradients().narrow(0, at, length);
        Tensor m = mean.narrow(0, at, length);
        Tensor v = meanSquare.narrow(0, at, length);
        m.lerp_(g, new Scalar(1 - settings.beta1()));
        v.mul_(new Scalar(settings.beta2())).addcmul_(g, g, new Scalar(1 - settings.beta2()));
        // Where decay is on, ε is added before the bias correction: see AdamSettings.
        double epsilon = settings.weightDecay() == 0 ? settings.epsilon() : settings.epsilon() / root;
        Tensor denominator = v.sqrt().div_(new Scalar(root)).add_(new Scalar(epsilon));
        parameters.values().narrow(0, at, length).addcdiv_(m, denominator, new Scalar(-rate));
    }

    OptimiserState state() {
        return new OptimiserState(steps, TorchDevice.read(mean), TorchDevice.read(meanSquare));
    }

    void load(OptimiserState state) {
        mean.copy_(device.floats(state.mean(), state.mean().length));
        meanSquare.copy_(device.floats(state.meanSquare(), state.meanSquare().length));
        steps = state.steps();
    }

    @Override
    public void close() {
        kept.close();
    }
}
