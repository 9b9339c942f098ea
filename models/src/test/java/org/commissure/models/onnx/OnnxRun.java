package org.commissure.models.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.ModelConfiguration;

/** One session of ONNX Runtime with its inputs. */
public final class OnnxRun implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();

    public OnnxRun(Path file) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        session = environment.createSession(file.toString(), options);
    }

    public void windows(ModelConfiguration c, float[]... windows) throws OrtException {
        FloatBuffer all = FloatBuffer.allocate(windows.length * c.windowLength());
        for (float[] window : windows) {
            all.put(window);
        }
        inputs.put("windows", OnnxTensor.createTensor(environment, all.flip(), new long[] {
            windows.length, c.parcels(), c.windowFrames()
        }));
    }

    public void repetitionTime(double seconds) {
        try {
            inputs.put("repetition_time_seconds", OnnxTensor.createTensor(environment, new float[] {(float) seconds}));
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    public void tokens(String name, IntStream tokens) throws OrtException {
        long[] numbers = tokens.asLongStream().toArray();
        inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(numbers), new long[] {numbers.length}));
    }

    public Object result(String name) throws OrtException {
        try (OrtSession.Result result = session.run(inputs)) {
            return result.get(name).orElseThrow().getValue();
        }
    }

    @Override
    public void close() throws OrtException {
        inputs.values().forEach(OnnxTensor::close);
        session.close();
    }
}
