package org.commissure.models.baseline;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Instance norm without parameters (Ulyanov et al. 2016): every channel of an example is scaled to mean 0 and variance 1
 * over its cells. Deeplearning4j has none; this is the description, {@link InstanceNormLayer} the work.
 */
final class InstanceNorm extends NoParamLayer {
    private static final long serialVersionUID = 1L;

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialise,
            DataType type) {
        var layer = new InstanceNormLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return input;
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        return new LayerMemoryReport.Builder(getLayerName(), InstanceNorm.class, input, input)
                .standardMemory(0, 0)
                .workingMemory(0, 2 * input.arrayElementsPerExample(), 0, 3 * input.arrayElementsPerExample())
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}
