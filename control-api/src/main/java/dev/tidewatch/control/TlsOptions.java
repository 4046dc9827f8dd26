package dev.tidewatch.control;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code control.tls.*}: the port speaks TLS and nothing else.
 *
 * @param certificates {@code control.tls.certificates}: PEM, the server's own first
 * @param key {@code control.tls.key}: PEM, PKCS#8
 * @param clientAuthorities {@code control.tls.client-authorities}: PEM; clients may then show a
 *     certificate of theirs, which counts when it was let in as an API key
 */
public record TlsOptions(Path certificates, Path key, Optional<Path> clientAuthorities) {}
