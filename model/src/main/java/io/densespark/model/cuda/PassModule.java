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
    private final Map<Width, Map<Pass, CUfunc_st>> functions = new EnumMap<>(Width.class);

    PassModule() {
        byte[] ptx = ptx();
        try (BytePointer text = new BytePointer(ptx.length + 1L)) {
            text.put(ptx, 0, ptx.length).put(ptx.length, (byte) 0);
            Status.driver(cudart.cuModuleLoadData(module, text), "loading its kernels");
        }
        for (Width width : Width.values()) {
            Map<Pass, CUfunc_st> form = new EnumMap<>(Pass.class);
            for (Pass pass : Pass.values()) {
                form.put(pass, function(pass.kernel(width)));
            }
            functions.put(width, form);
        }
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

    /** The form of a pass for that many columns at once. */
    CUfunc_st of(Pass pass, Width width) {
        return Objects.requireNonNull(
                Objects.requireNonNull(functions.get(width)).get(pass));
    }

    @Override
    public void close() {
        Status.driver(cudart.cuModuleUnload(module), "unloading its kernels");
    }
}
