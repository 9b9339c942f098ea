package org.commissure.models.pickle;

import java.util.ArrayList;
import java.util.List;

/** What the allowed globals make of their arguments; the argument lists are those of PyTorch 1.6 to 2. */
final class TorchObjects {
    private TorchObjects() {}

    /** In place of a call of {@code global}. */
    static Value make(Global global, Value.Tuple arguments) throws RefusedPickleException {
        List<Value> items = arguments.items();
        return switch (global) {
            case ORDERED_DICT -> orderedDict(items);
            case REBUILD_TENSOR -> tensor(items);
            case REBUILD_PARAMETER -> parameter(items);
            default -> throw notAllowed(global, items);
        };
    }

    /** In place of {@code persistent_load}: {@code ('storage', class, key, location, length)}. */
    static Storage storage(Value id) throws RefusedPickleException {
        if (id instanceof Value.Tuple tuple
                && tuple.items().size() == 5
                && content(tuple.items().get(0)).equals("storage")
                && tuple.items().get(1) instanceof Global global
                && global.elements() instanceof ElementType type
                && content(tuple.items().get(2)) instanceof String key
                && content(tuple.items().get(3)) instanceof String
                && content(tuple.items().get(4)) instanceof Long length) {
            if (!key.matches("[0-9A-Za-z_]{1,64}")) {
                throw new RefusedPickleException("opcode BINPERSID with a storage called '"
                        + RefusedPickleException.printable(key) + "', which is no entry's name");
            }
            if (length < 0 || length > Long.MAX_VALUE / Double.BYTES) {
                throw new RefusedPickleException("opcode BINPERSID with a storage of " + length + " elements");
            }
            return new Storage(type, key, length);
        }
        throw new RefusedPickleException(
                "opcode BINPERSID with " + id.describe() + " that is not ('storage', class, key, location, length)");
    }

    private static Value orderedDict(List<Value> arguments) throws RefusedPickleException {
        if (!arguments.isEmpty()) {
            throw notAllowed(Global.ORDERED_DICT, arguments);
        }
        return new Value.Dict(true);
    }

    /** Storage, offset, size, strides, requires_grad, backward hooks, and since 2.0 perhaps metadata. */
    private static Value tensor(List<Value> arguments) throws RefusedPickleException {
        if (arguments.size() < 6
                || arguments.size() > 7
                || !(arguments.get(0) instanceof Storage storage)
                || !(content(arguments.get(1)) instanceof Long offset)
                || !(arguments.get(2) instanceof Value.Tuple sizes)
                || !(arguments.get(3) instanceof Value.Tuple strides)) {
            throw notAllowed(Global.REBUILD_TENSOR, arguments);
        }
        noHooks(Global.REBUILD_TENSOR, arguments, 5);
        return TorchTensor.view(storage, offset, integers(sizes, arguments), integers(strides, arguments));
    }

    private static Value parameter(List<Value> arguments) throws RefusedPickleException {
        if (arguments.size() != 3 || !(arguments.get(0) instanceof TorchTensor tensor)) {
            throw notAllowed(Global.REBUILD_PARAMETER, arguments);
        }
        noHooks(Global.REBUILD_PARAMETER, arguments, 2);
        return tensor;
    }

    /** Backward hooks are functions. */
    private static void noHooks(Global global, List<Value> arguments, int index) throws RefusedPickleException {
        if (!(arguments.get(index) instanceof Value.Dict hooks)
                || !hooks.entries().isEmpty()) {
            throw notAllowed(global, arguments);
        }
    }

    private static List<Long> integers(Value.Tuple tuple, List<Value> arguments) throws RefusedPickleException {
        List<Long> integers = new ArrayList<>();
        for (Value item : tuple.items()) {
            if (!(content(item) instanceof Long integer)) {
                throw notAllowed(Global.REBUILD_TENSOR, arguments);
            }
            integers.add(integer);
        }
        return integers;
    }

    private static Object content(Value value) {
        return value instanceof Value.Simple simple ? simple.content() : Value.Nothing.NONE;
    }

    private static RefusedPickleException notAllowed(Global global, List<Value> arguments) {
        return new RefusedPickleException("opcode REDUCE with " + global.describe() + "("
                + String.join(
                        ", ", arguments.stream().limit(8).map(Value::describe).toList())
                + ") is not allowed");
    }
}
