package io.densespark.model.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** The kernels of {@code passes.cu} on one GPU, made by its driver from {@code passes.ptx}. */
final class PassModule implements AutoCloseable {
    private static final String RESOURCE = "passes.ptx";

    private final CUmod_st module = new CUmod_st();
    private final Map<Numbers, Map<Width, Map<Pass, CUfunc_st>>> functions = new EnumMap<>(Numbers.class);

    PassModule() {
        byte[] ptx = ptx();
        try (BytePointer text = new BytePointer(ptx.length + 1L)) {
            text.put(ptx, 0, ptx.length).put(ptx.length, (byte) 0);
            Status.driver(cudart.cuModuleLoadData(module, text), "loading its kernels");
        }
        for (Numbers numbers : Numbers.values()) {
            Map<Width, Map<Pass, CUfunc_st>> widths = new EnumMap<>(Width.class);
            for (Width width : Width.values()) {
                widths.put(width, forms(numbers, width));
            }
            functions.put(numbers, widths);
        }
    }

    private Map<Pass, CUfunc_st> forms(Numbers numbers, Width width) {
        Map<Pass, CUfunc_st> forms = new EnumMap<>(Pass.class);
        for (Pass pass : Pass.values()) {
            if (pass.has(numbers)) {
                forms.put(pass, function(pass.kernel(numbers, width)));
            }
        }
        return forms;
    }

    private static byte[] ptx() {
        try (InputStream resource = PassModule.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing in this build");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CUfunc_st function(String kernel) {
        CUfunc_st function = new CUfunc_st();
        Status.driver(cudart.cuModuleGetFunction(function, module, kernel), "finding its kernel " + kernel);
        return function;
    }

    /** The form of a pass for that many columns of such numbers at once. */
    CUfunc_st of(Pass pass, Numbers numbers, Width width) {
        Map<Width, Map<Pass, CUfunc_st>> widths = Objects.requireNonNull(functions.get(numbers));
        CUfunc_st function = Objects.requireNonNull(widths.get(width)).get(pass);
        if (function == null) {
            throw new IllegalArgumentException(pass + " has no form for " + numbers);
        }
        return function;
    }

    @Override
    public void close() {
        Status.driver(cudart.cuModuleUnload(module), "unloading its kernels");
    }
}
