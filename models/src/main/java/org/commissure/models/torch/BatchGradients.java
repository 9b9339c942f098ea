package org.commissure.models.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;

/**
 * Fills the flat gradient from a batch: examples whose masks have equal counts share tensors, as many at once as memory
 * holds. Every method overwrites the gradient, returns the mean loss, and throws {@link ArithmeticException} naming the
 * first example whose loss is not finite. Call within a pointer scope.
 */
@SuppressWarnings("try") // scopes and modes are there to end, not to be used
final class BatchGradients {
    private final FlatParameters parameters;
    private final Network network;
    private final TorchDevice device;
    private final Precision precision;
    private final MicroBatches microBatches = new MicroBatches(Integer.MAX_VALUE, torch::emptyCache);

    BatchGradients(FlatParameters parameters, Network network, TorchDevice device, Precision precision) {
        this.parameters = parameters;
        this.network = network;
        this.device = device;
        this.precision = precision;
    }

    /** Gradient of one example, without dropout and in float32. */
    double of(Example example) {
        return microBatches.run(1, most -> single(example, 0, false));
    }

    /** Gradient of the mean loss. */
    double plain(List<Example> batch, long dropoutSeed) {
        return microBatches.run(batch.size(), most -> plain(batch, dropoutSeed, most));
    }

    private double plain(List<Example> batch, long dropoutSeed, int microBatch) {
        torch.manual_seed(dropoutSeed);
        parameters.zeroGradients();
        double loss = 0;
        for (List<Integer> group : alike(batch)) {
            int most = mostAtOnce(batch.get(group.getFirst()).mask(), microBatch);
            for (int from = 0; from < group.size(); from += most) {
                List<Integer> part = group.subList(from, Math.min(group.size(), from + most));
                try (PointerScope scope = new PointerScope()) {
                    loss += addGradients(part.stream().map(batch::get).toList(), part, batch.size(), true);
                }
            }
        }
        return loss;
    }

    /** Every example is one patient: clip, add, average. */
    double clipped(List<Example> batch, double clip, long dropoutSeed) {
        torch.manual_seed(dropoutSeed);
        Tensor sum = device.zeros(parameters.layout().parameterCount());
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            try (PointerScope scope = new PointerScope()) {
                int index = i;
                loss += microBatches.run(1, most -> single(batch.get(index), index, true)) / batch.size();
                double norm = parameters.gradientNorm();
                if (!Double.isFinite(norm)) {
                    throw notFinite(i, "gradient");
                }
                sum.add_(parameters.gradients(), new Scalar(Math.min(1, clip / norm) / batch.size()));
            }
        }
        parameters.gradients().copy_(sum);
        return loss;
    }

    private double single(Example example, int index, boolean training) {
        parameters.zeroGradients();
        return addGradients(List.of(example), List.of(index), 1, training);
    }

    /**
     * Adds the gradient of {@code Σ loss / batchSize}.
     *
     * @param indices what to call the examples by
     * @return that sum
     */
    private double addGradients(List<Example> examples, List<Integer> indices, int batchSize, boolean training) {
        Tensor losses;
        try (var cast = autocast(training)) {
            losses = network.losses(examples, training);
        }
        float[] values = TorchDevice.read(losses);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw notFinite(indices.get(i), "loss");
            }
            sum += values[i];
        }
        losses.sum().div_(new Scalar((double) batchSize)).backward();
        return sum / batchSize;
    }

    /** bfloat16 products until closed, in training and if so configured. */
    private Autocast autocast(boolean training) {
        boolean on = training && precision == Precision.BFLOAT16;
        if (on) {
            torch.set_autocast_dtype(device.type(), torch.ScalarType.BFloat16);
            torch.set_autocast_enabled(device.type(), true);
        }
        return () -> {
            if (on) {
                torch.set_autocast_enabled(device.type(), false);
                torch.clear_cache();
            }
        };
    }

    @FunctionalInterface
    private interface Autocast extends AutoCloseable {
        @Override
        void close();
    }

    private int mostAtOnce(Mask mask, int microBatch) {
        if (!device.isCuda()) {
            return microBatch;
        }
        long free = torch.getMemoryInfo((byte) 0).first();
        microBatches.lower(
                MicroBatches.fitting(free, network.bytesPerExample(mask.visibleCount(), mask.maskedCount())));
        return Math.min(microBatch, microBatches.limit());
    }

    /** Indices of examples that can share a tensor, in order. */
    private static List<List<Integer>> alike(List<Example> batch) {
        Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            Mask mask = batch.get(i).mask();
            groups.computeIfAbsent(List.of(mask.visibleCount(), mask.maskedCount()), counts -> new ArrayList<>())
                    .add(i);
        }
        return List.copyOf(groups.values());
    }

    private static ArithmeticException notFinite(int example, String what) {
        return new ArithmeticException("the " + what + " of example " + example
                + " in the batch is NaN or infinite; parameters are unchanged");
    }

    /** Finds the example whose gradient is not finite. */
    ArithmeticException notFinite(List<Example> batch) {
        try (var gradMode = new AutoGradMode(true)) {
            for (int i = 0; i < batch.size(); i++) {
                single(batch.get(i), i, false);
                if (!Double.isFinite(parameters.gradientNorm())) {
                    return notFinite(i, "gradient");
                }
            }
        }
        return new ArithmeticException("the gradient of the batch of " + batch.size()
                + " examples is NaN or infinite, though that of each, from example 0 on, is finite; parameters are"
                + " unchanged");
    }
}
