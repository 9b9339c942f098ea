package org.commissure.models.baseline;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A bidirectional LSTM layer over one sequence. Deeplearning4j's own is a loop of some thirty operations for each frame
 * and direction, tens of milliseconds for a dozen frames; ND4J's {@code lstmLayer_bp} loses native memory at every call
 * (70 kB at 16 frames and 32 units). This is the description, {@link BidirectionalLstmLayer} the work.
 */
final class BidirectionalLstm extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    static final String INPUT_WEIGHT = "Wx";
    static final String RECURRENT_WEIGHT = "Wr";
    static final String BIAS = "b";
    static final List<String> TENSORS = List.of(INPUT_WEIGHT, RECURRENT_WEIGHT, BIAS);

    /** @param width units of each direction; the output has twice as many columns */
    BidirectionalLstm(int in, int width) {
        setNIn(in);
        setNOut(2L * width);
    }

    private int in() {
        return Math.toIntExact(getNIn());
    }

    private int width() {
        return Math.toIntExact(getNOut() / 2);
    }

    /** {@code Wx [2, 4·width, in]}, {@code Wr [2, 4·width, width]}, {@code b [2, 4·width]}, as views of {@code flat}. */
    private Map<String, INDArray> views(INDArray flat) {
        long rows = 4L * width();
        long recurrent = 2 * rows * in();
        long bias = recurrent + 2 * rows * width();
        INDArray vector = flat.reshape(flat.length());
        return Map.of(
                INPUT_WEIGHT,
                vector.get(NDArrayIndex.interval(0, recurrent)).reshape('c', 2, rows, in()),
                RECURRENT_WEIGHT,
                vector.get(NDArrayIndex.interval(recurrent, bias)).reshape('c', 2, rows, width()),
                BIAS,
                vector.get(NDArrayIndex.interval(bias, bias + 2 * rows)).reshape('c', 2, rows));
    }

    private long parameterCount() {
        return 8L * width() * (in() + width() + 1);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        var layer = new BidirectionalLstmLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return new Parameters();
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        return new LayerMemoryReport.Builder(
                        getLayerName(), BidirectionalLstm.class, input, InputType.feedForward(getNOut()))
                .standardMemory(parameterCount(), 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    /** Where the three tensors lie in the network's flat vector; their values are loaded from outside. */
    private static final class Parameters implements ParamInitializer {
        private static BidirectionalLstm of(NeuralNetConfiguration conf) {
            return (BidirectionalLstm) conf.getLayer();
        }

        @Override
        public long numParams(NeuralNetConfiguration conf) {
            return of(conf).parameterCount();
        }

        @Override
        public long numParams(org.deeplearning4j.nn.conf.layers.Layer layer) {
            return ((BidirectionalLstm) layer).parameterCount();
        }

        @Override
        public List<String> paramKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
            return TENSORS;
        }

        @Override
        public List<String> weightKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
            return List.of(INPUT_WEIGHT, RECURRENT_WEIGHT);
        }

        @Override
        public List<String> biasKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
            return List.of(BIAS);
        }

        @Override
        public boolean isWeightParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
            return !key.equals(BIAS);
        }

        @Override
        public boolean isBiasParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
            return key.equals(BIAS);
        }

        @Override
        public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray flat, boolean initialise) {
            TENSORS.forEach(conf::addVariable);
            return of(conf).views(flat);
        }

        @Override
        public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray flat) {
            return of(conf).views(flat);
        }
    }
}
