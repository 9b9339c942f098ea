package org.commissure.models.pickle;

import org.jspecify.annotations.Nullable;

/**
 * Every opcode of pickle protocols 0 to 5, under its name in Python's {@code pickletools}; first those that are run,
 * then those that are refused by name.
 */
enum Opcode {
    PROTO(0x80, true),
    FRAME(0x95, true),
    STOP(0x2e, true),
    MARK(0x28, true),
    NONE(0x4e, true),
    NEWTRUE(0x88, true),
    NEWFALSE(0x89, true),
    BININT(0x4a, true),
    BININT1(0x4b, true),
    BININT2(0x4d, true),
    LONG1(0x8a, true),
    BINFLOAT(0x47, true),
    BINUNICODE(0x58, true),
    SHORT_BINUNICODE(0x8c, true),
    EMPTY_TUPLE(0x29, true),
    TUPLE(0x74, true),
    TUPLE1(0x85, true),
    TUPLE2(0x86, true),
    TUPLE3(0x87, true),
    EMPTY_LIST(0x5d, true),
    APPEND(0x61, true),
    APPENDS(0x65, true),
    EMPTY_DICT(0x7d, true),
    SETITEM(0x73, true),
    SETITEMS(0x75, true),
    BINPUT(0x71, true),
    LONG_BINPUT(0x72, true),
    MEMOIZE(0x94, true),
    BINGET(0x68, true),
    LONG_BINGET(0x6a, true),
    GLOBAL(0x63, true),
    STACK_GLOBAL(0x93, true),
    REDUCE(0x52, true),
    BUILD(0x62, true),
    BINPERSID(0x51, true),
    INT(0x49, false),
    LONG(0x4c, false),
    LONG4(0x8b, false),
    STRING(0x53, false),
    BINSTRING(0x54, false),
    SHORT_BINSTRING(0x55, false),
    BINBYTES(0x42, false),
    SHORT_BINBYTES(0x43, false),
    BINBYTES8(0x8e, false),
    BYTEARRAY8(0x96, false),
    NEXT_BUFFER(0x97, false),
    READONLY_BUFFER(0x98, false),
    UNICODE(0x56, false),
    BINUNICODE8(0x8d, false),
    FLOAT(0x46, false),
    LIST(0x6c, false),
    DICT(0x64, false),
    EMPTY_SET(0x8f, false),
    ADDITEMS(0x90, false),
    FROZENSET(0x91, false),
    POP(0x30, false),
    DUP(0x32, false),
    POP_MARK(0x31, false),
    GET(0x67, false),
    PUT(0x70, false),
    EXT1(0x82, false),
    EXT2(0x83, false),
    EXT4(0x84, false),
    INST(0x69, false),
    OBJ(0x6f, false),
    NEWOBJ(0x81, false),
    NEWOBJ_EX(0x92, false),
    PERSID(0x50, false);

    private static final @Nullable Opcode[] BY_CODE = new Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final boolean allowed;

    Opcode(int code, boolean allowed) {
        this.code = code;
        this.allowed = allowed;
    }

    /** @param at of the byte in the pickle, for the message */
    static Opcode of(int code, int at) throws RefusedPickleException {
        Opcode opcode = BY_CODE[code];
        if (opcode == null) {
            throw new RefusedPickleException(
                    String.format("byte 0x%02x at %d is no opcode of any pickle protocol", code, at));
        }
        return opcode;
    }

    int code() {
        return code;
    }

    boolean isAllowed() {
        return allowed;
    }
}
