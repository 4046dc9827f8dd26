package dev.tidewatch.control.deploy;

/**
 * Who changes rules.
 *
 * @param actor as records name it
 * @param operator may change what runs for all tenants
 */
public record Deployer(String actor, boolean operator) {}
