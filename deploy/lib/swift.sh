# shellcheck shell=bash
# The Swift toolchain and the build.

require_swift() {
    local version
    if ! version=$(swift --version 2> /dev/null); then
        version="none is on the PATH"
    elif [[ $version =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        if ((BASH_REMATCH[1] > 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] >= 3))); then return; fi
        version="this one is ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}"
    fi
    fail "COPPS needs Swift 6.3 or newer; $version.
  Install it:   https://www.swift.org/install/linux  (swiftly install 6.3)
  or use an image that has it, from the repository's root:
                docker run --rm -it --network host -v \"\$PWD\":/copps -w /copps swift:6.3-bookworm ${0##"$root"/}"
}

# build_products CONFIGURATION: builds the executables and sets $products, the folder they are in.
build_products() {
    step "Building (${1}; the first time takes some minutes)"
    attend swift build --package-path "$root" --configuration "$1" || fail "the build failed"
    products=$(swift build --package-path "$root" --configuration "$1" --show-bin-path)
}
