/** Version of the build, from package.json of the repository. */
declare const BELLWETHER_VERSION: string;
