package org.commissure.models.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack machine of pickle protocols 2 to 5, reduced to what a state dict needs. One instance reads one pickle. Work
 * and memory are bounded by the pickle's length: no opcode makes more than one value, and none copies a container that
 * is reachable twice. Nothing recurses, so depth is free.
 */
final class Unpickler {
    private static final Value MARK = new Value.Simple("mark");
    private static final int NEWEST_PROTOCOL = 5;

    private final PickleInput in;
    private final List<Value> stack = new ArrayList<>();
    private final Map<Long, Value> memo = new HashMap<>();
    private Opcode opcode = Opcode.PROTO;
    private int at;

    private Unpickler(byte[] pickle) {
        in = new PickleInput(pickle);
    }

    /** @throws RefusedPickleException naming opcode and byte, if anything is not on the closed list or is damaged */
    static Value read(byte[] pickle) throws RefusedPickleException {
        return new Unpickler(pickle).run();
    }

    private Value run() throws RefusedPickleException {
        while (true) {
            at = in.position();
            if (in.isAtEnd()) {
                throw new RefusedPickleException("the pickle ends at byte " + at + " without a STOP: truncated");
            }
            opcode = Opcode.of(in.unsignedByte(), at);
            if (!opcode.isAllowed()) {
                throw opcode == Opcode.INST
                        ? new RefusedPickleException("opcode INST with "
                                + RefusedPickleException.printable(in.line(opcode) + "." + in.line(opcode))
                                + " at byte " + at + " is not allowed")
                        : refused("is not allowed");
            }
            if (opcode == Opcode.STOP) {
                return result();
            }
            step();
        }
    }

    private Value result() throws RefusedPickleException {
        Value result = pop();
        if (!stack.isEmpty()) {
            throw refused("with " + stack.size() + " values left over");
        }
        if (!in.isAtEnd()) {
            throw refused("with bytes after it");
        }
        return result;
    }

    private void step() throws RefusedPickleException {
        switch (opcode) {
            case PROTO -> protocol(in.unsignedByte());
            case FRAME -> in.frame();
            case MARK -> stack.add(MARK);
            case NONE -> simple(Value.Nothing.NONE);
            case NEWTRUE -> simple(true);
            case NEWFALSE -> simple(false);
            case BININT -> simple((long) in.signedInt());
            case BININT1 -> simple((long) in.unsignedByte());
            case BININT2 -> simple((long) in.unsignedShort());
            case LONG1 -> simple(in.shortLong(in.unsignedByte()));
            case BINFLOAT -> simple(in.bigEndianDouble());
            case BINUNICODE -> simple(in.text(opcode, in.unsignedInt()));
            case SHORT_BINUNICODE -> simple(in.text(opcode, in.unsignedByte()));
            case EMPTY_TUPLE -> stack.add(new Value.Tuple(List.of()));
            case TUPLE1 -> tuple(1);
            case TUPLE2 -> tuple(2);
            case TUPLE3 -> tuple(3);
            case TUPLE -> stack.add(new Value.Tuple(popToMark()));
            case EMPTY_LIST -> stack.add(new Value.Sequence());
            case APPEND -> append(List.of(pop()));
            case APPENDS -> append(popToMark());
            case EMPTY_DICT -> stack.add(new Value.Dict(false));
            case SETITEM -> put(popLast(2));
            case SETITEMS -> put(popToMark());
            case BINPUT -> memo.put((long) in.unsignedByte(), top());
            case LONG_BINPUT -> memo.put(in.unsignedInt(), top());
            case MEMOIZE -> memo.put((long) memo.size(), top());
            case BINGET -> recall(in.unsignedByte());
            case LONG_BINGET -> recall(in.unsignedInt());
            case GLOBAL -> stack.add(Global.named(opcode, in.line(opcode), in.line(opcode), at));
            case STACK_GLOBAL -> stackGlobal();
            case BINPERSID -> stack.add(TorchObjects.storage(pop()));
            case REDUCE -> reduce();
            case BUILD -> build();
            default -> throw refused("is allowed but has no rule"); // unreachable: a test runs every allowed opcode
        }
    }

    private void protocol(int version) throws RefusedPickleException {
        if (version > NEWEST_PROTOCOL) {
            throw refused("of version " + version + ", which is unknown");
        }
    }

    private void simple(Object content) {
        stack.add(new Value.Simple(content));
    }

    private void tuple(int length) throws RefusedPickleException {
        stack.add(new Value.Tuple(popLast(length)));
    }

    private void append(List<Value> items) throws RefusedPickleException {
        if (!(top() instanceof Value.Sequence list)) {
            throw refused("on " + top().describe());
        }
        items.forEach(list::add);
    }

    private void put(List<Value> keysAndValues) throws RefusedPickleException {
        if (!(top() instanceof Value.Dict dict) || keysAndValues.size() % 2 != 0) {
            throw refused("on " + top().describe() + " with " + keysAndValues.size() + " values");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            if (!(keysAndValues.get(i) instanceof Value.Simple simple) || !(simple.content() instanceof String key)) {
                throw refused("with a key that is " + keysAndValues.get(i).describe() + ", not a string");
            }
            if (dict.entries().put(key, keysAndValues.get(i + 1)) != null) {
                throw refused("names " + RefusedPickleException.printable(key) + " twice");
            }
        }
    }

    private void recall(long key) throws RefusedPickleException {
        Value value = memo.get(key);
        if (value == null) {
            throw refused("of memo " + key + ", which was never put");
        }
        stack.add(value);
    }

    private void stackGlobal() throws RefusedPickleException {
        Value name = pop();
        Value module = pop();
        if (!(module instanceof Value.Simple m && m.content() instanceof String moduleName)
                || !(name instanceof Value.Simple n && n.content() instanceof String globalName)) {
            throw refused("with " + module.describe() + " and " + name.describe());
        }
        stack.add(Global.named(opcode, moduleName, globalName, at));
    }

    /** Where Python would call a function. */
    private void reduce() throws RefusedPickleException {
        Value arguments = pop();
        Value function = pop();
        if (!(function instanceof Global global) || !(arguments instanceof Value.Tuple tuple)) {
            throw refused("with " + function.describe() + " on " + arguments.describe());
        }
        stack.add(TorchObjects.make(global, tuple));
    }

    /** Where Python would set attributes: an OrderedDict's {@code _metadata} is passed over, all else is refused. */
    private void build() throws RefusedPickleException {
        Value state = pop();
        Value object = top();
        boolean metadata = object instanceof Value.Dict dict
                && dict.isOrdered()
                && state instanceof Value.Dict attributes
                && attributes.entries().keySet().stream().allMatch("_metadata"::equals);
        if (!metadata) {
            throw refused("on " + object.describe() + " with " + state.describe());
        }
    }

    private Value top() throws RefusedPickleException {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw refused("finds nothing on the stack");
        }
        return stack.getLast();
    }

    private Value pop() throws RefusedPickleException {
        Value top = top();
        stack.removeLast();
        return top;
    }

    private List<Value> popLast(int count) throws RefusedPickleException {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.addFirst(pop());
        }
        return values;
    }

    private List<Value> popToMark() throws RefusedPickleException {
        List<Value> values = new ArrayList<>();
        while (!stack.isEmpty()) {
            Value value = stack.removeLast();
            if (value == MARK) {
                return values.reversed();
            }
            values.add(value);
        }
        throw refused("finds no mark on the stack");
    }

    private RefusedPickleException refused(String problem) {
        return new RefusedPickleException("opcode " + opcode + " at byte " + at + " " + problem);
    }
}
