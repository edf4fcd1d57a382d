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
    private final Map<Pass, CUfunc_st> narrow = new EnumMap<>(Pass.class);
    private final Map<Pass, CUfunc_st> wide = new EnumMap<>(Pass.class);

    PassModule() {
        byte[] ptx = ptx();
        try (BytePointer text = new BytePointer(ptx.length + 1L)) {
            text.put(ptx, 0, ptx.length).put(ptx.length, (byte) 0);
            Status.driver(cudart.cuModuleLoadData(module, text), "loading its kernels");
        }
        for (Pass pass : Pass.values()) {
            narrow.put(pass, function(pass.kernel(1)));
            wide.put(pass, function(pass.kernel(Pass.WIDE)));
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
    CUfunc_st of(Pass pass, int width) {
        return Objects.requireNonNull((width == Pass.WIDE ? wide : narrow).get(pass));
    }

    @Override
    public void close() {
        Status.driver(cudart.cuModuleUnload(module), "unloading its kernels");
    }
}
