import { preferredLanguage, setLanguage } from "./lib/locale";
import "./styles.css";

// Texts stand in constants too, so the language is set before what holds them is loaded.
await setLanguage(preferredLanguage());
const { start } = await import("./app/start");
start();
