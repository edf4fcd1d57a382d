package io.densespark.benchmark.step;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The processes of all tests of a class unpack libtorch into one folder, and so only once. */
public final class SharedNatives implements BeforeAllCallback, AfterAllCallback {
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";

    private Optional<String> before = Optional.empty();
    private StepFolder folder;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        before = Optional.ofNullable(System.getProperty(NATIVES));
        folder = new StepFolder();
        System.setProperty(NATIVES, folder.path().toString());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.clearProperty(NATIVES);
        before.ifPresent(value -> System.setProperty(NATIVES, value));
        folder.close();
    }
}
