#!/usr/bin/env bash
# A clone that is reached by two paths, as an automounted home is, is one clone: what was built by one path stays for the other.
#   test-workbench.sh PATH/TO/workbench
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/clone/build/release" "$folder/programs"
cp "$1" "$folder/clone/workbench"
ln -s clone "$folder/other"
# all packages are installed, and nothing is really built
cat >"$folder/programs/dpkg-query" <<'TEXT'
#!/usr/bin/env bash
for package; do printf 'installed %s\n' "$package"; done
TEXT
printf '#!/usr/bin/env bash\n[ "$1" != setup ] || { mkdir -p "$2" && touch "$2/build.ninja"; }\n' >"$folder/programs/meson"
ln -s meson "$folder/programs/ninja"
ln -s dpkg-query "$folder/programs/apt-get"
chmod +x "$folder/programs/"*
export PATH=$folder/programs:$PATH

"$folder/clone/workbench" build
touch "$folder/clone/build/release/built"
for path in other clone; do
  "$folder/$path/workbench" build
  (cd "$folder/$path" && ./workbench build)
  [ -f "$folder/clone/build/release/built" ] || { echo "$path built everything again"; exit 1; }
done
# a copy is another clone
cp -r "$folder/clone" "$folder/copy"
"$folder/copy/workbench" build
[ ! -f "$folder/copy/build/release/built" ] || { echo "a copy kept what was built at another place"; exit 1; }
