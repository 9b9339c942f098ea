package org.commissure.models.pickle;

import org.jspecify.annotations.Nullable;

/** The closed list of Python globals that a pickle may name. None is ever called: each stands for a rule of ours. */
enum Global implements Value {
    ORDERED_DICT("collections.OrderedDict"),
    REBUILD_TENSOR("torch._utils._rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
    FLOAT_STORAGE("torch.FloatStorage", ElementType.FLOAT32),
    DOUBLE_STORAGE("torch.DoubleStorage", ElementType.FLOAT64),
    HALF_STORAGE("torch.HalfStorage", ElementType.FLOAT16),
    BFLOAT16_STORAGE("torch.BFloat16Storage", ElementType.BFLOAT16),
    LONG_STORAGE("torch.LongStorage", ElementType.INT64),
    INT_STORAGE("torch.IntStorage", ElementType.INT32),
    SHORT_STORAGE("torch.ShortStorage", ElementType.INT16),
    CHAR_STORAGE("torch.CharStorage", ElementType.INT8),
    BYTE_STORAGE("torch.ByteStorage", ElementType.UINT8),
    BOOL_STORAGE("torch.BoolStorage", ElementType.BOOL);

    private final String pythonName;
    private final @Nullable ElementType elements;

    Global(String pythonName) {
        this(pythonName, null);
    }

    Global(String pythonName, @Nullable ElementType elements) {
        this.pythonName = pythonName;
        this.elements = elements;
    }

    /** @throws RefusedPickleException naming opcode and global, if it is not on the list */
    static Global named(Opcode opcode, String module, String name, int at) throws RefusedPickleException {
        String full = module + "." + name;
        for (Global global : values()) {
            if (global.pythonName.equals(full)) {
                return global;
            }
        }
        throw new RefusedPickleException("opcode " + opcode + " with " + RefusedPickleException.printable(full)
                + " at byte " + at + " is not allowed");
    }

    /** What a storage class holds; null if this is no storage class. */
    @Nullable
    ElementType elements() {
        return elements;
    }

    @Override
    public String describe() {
        return pythonName;
    }
}
